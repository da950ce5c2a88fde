package dev.tandem.simulator.placement;

import org.jspecify.annotations.Nullable;

/**
 * A result and what its JSON has no key for.
 *
 * @param result the result
 * @param meanBandwidthGigabytesPerSecond mean over all pairs that may exchange, or null
 * @param meanOfAllPairsMillis predicted transfer, mean over all pairs alike, or null
 * @param leafShare share of the KV bytes that leaves its NVLink domain or node, 0 to 1
 * @param gpuAllocation share of the cluster's GPUs in use at the end, 0 to 1
 * @param medianMillis median time of a decision
 * @param slowMillis 99th percentile of it
 */
public record Report(
    Result result,
    @Nullable Double meanBandwidthGigabytesPerSecond,
    @Nullable Double meanOfAllPairsMillis,
    double leafShare,
    double gpuAllocation,
    double medianMillis,
    double slowMillis) {}
