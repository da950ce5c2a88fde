package dev.tandem.extender.record;

import dev.tandem.api.TransferCost;
import dev.tandem.extender.decide.Decider;
import dev.tandem.topology.facts.LinkSpeeds;

/**
 * What decisions depend on beside the cluster. Immutable.
 *
 * @param limits bounds of answers and of what is remembered
 * @param speeds bandwidth and transport of every level
 * @param cost overheads of the transports
 */
public record Configuration(Decider.Limits limits, LinkSpeeds speeds, TransferCost cost) {}
