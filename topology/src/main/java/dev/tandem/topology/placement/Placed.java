package dev.tandem.topology.placement;

/**
 * A member that is on a node, or is expected to be within seconds. Its GPUs are already taken off
 * the free ones of the {@link Cluster}.
 */
public record Placed(Member member, String node) {}
