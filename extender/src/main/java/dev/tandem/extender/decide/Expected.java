package dev.tandem.extender.decide;

/**
 * A pod and the node it is expected on.
 *
 * @param pod as it was asked about
 * @param node the node's name
 * @param untilMillis epoch milliseconds after which it is expected no more
 */
public record Expected(PodFacts pod, String node, long untilMillis) {}
