package dev.tandem.topology.placement;

import dev.tandem.api.Level;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One node a pod may go to, and what the whole group comes to if it does.
 *
 * @param node the node's name
 * @param seconds predicted KV transfer of the reference prompt, mean over the pairs the router
 *     would use; 0 for a pod without a partner
 * @param leastSeconds the same if every pair met as near as two nodes of this cluster can
 * @param nearness how good the place is apart from {@code seconds}, 0 the best found; equal places
 *     have equal values
 * @param shared nearest level whose one block holds the whole group then, or null if none does
 * @param comfortable whether the whole group finds a place without taking what another group waits
 *     for
 * @param reason why, in one short line
 * @param plan where the group's missing members would go, by member id, this pod included
 */
public record Choice(
    String node,
    double seconds,
    double leastSeconds,
    int nearness,
    @Nullable Level shared,
    boolean comfortable,
    String reason,
    Map<String, String> plan) {
  public Choice {
    plan = Map.copyOf(plan);
  }

  /** The same plan seen from another member, whose place in it was kept. */
  Choice keptAt(String other, Map<String, String> members) {
    return new Choice(
        other, seconds, leastSeconds, 0, shared, true, reason + ", kept for it", members);
  }
}
