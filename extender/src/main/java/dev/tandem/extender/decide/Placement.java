package dev.tandem.extender.decide;

import dev.tandem.api.Role;
import org.jspecify.annotations.Nullable;

/**
 * One placed pod.
 *
 * @param pod namespace/name
 * @param group its group, or null
 * @param role its role
 * @param node where it is
 * @param locality the node's locality path, or null if the node is unknown
 * @param reason why it was sent there
 * @param predictedTransferMillis KV transfer of a reference prompt, mean over the group's pairs
 */
public record Placement(
    String pod,
    @Nullable String group,
    Role role,
    String node,
    @Nullable String locality,
    String reason,
    double predictedTransferMillis) {}
