package dev.tandem.simulator.placement;

import org.jspecify.annotations.Nullable;

/**
 * What one policy made of one seed. Its components are the keys of the JSON, in order.
 *
 * @param policy label of the policy
 * @param nodes nodes of the cluster
 * @param seed what was drawn
 * @param groups groups that came
 * @param groupsComplete groups of which every pod has a node
 * @param inNvlinkDomain complete groups within one NVLink domain
 * @param inLeaf complete groups below one leaf
 * @param meanTransferMillis predicted transfer of a reference prompt, mean over the pairs a router
 *     would use, then over the groups that have a pair; null without any pair
 * @param minBandwidthGigabytesPerSecond least bandwidth between any two pods that may exchange;
 *     null without any pair
 * @param spineShare share of the KV bytes that leaves its leaf, 0 to 1
 * @param largestFreeBlock most GPUs on wholly free nodes of one NVLink domain (of one node where
 *     there are none): what a large group finds afterwards
 * @param podsStuck pods without a node at the end
 * @param millisPerPod mean time of a decision; the one measured value, different in every run
 */
public record Result(
    String policy,
    int nodes,
    long seed,
    int groups,
    int groupsComplete,
    int inNvlinkDomain,
    int inLeaf,
    @Nullable Double meanTransferMillis,
    @Nullable Double minBandwidthGigabytesPerSecond,
    double spineShare,
    int largestFreeBlock,
    int podsStuck,
    double millisPerPod) {}
