package dev.tandem.extender.decide;

import dev.tandem.api.GroupSize;
import dev.tandem.api.Role;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/**
 * The pods of one group as the watch shows them. Immutable: a changed pod makes a new one.
 *
 * @param key namespace/group
 * @param members its pods in the order they were first seen, finished and leaving ones left out
 * @param bound how many of them have a node
 * @param newestMillis when the last of them was first seen by this process, epoch milliseconds
 * @param complete whether none waits for a node and none that was announced is missing
 */
record GroupPods(
    String key, List<PodFacts> members, int bound, long newestMillis, boolean complete) {

  GroupPods {
    members = List.copyOf(members);
  }

  /**
   * @param seen when a pod was first seen, epoch milliseconds
   */
  static GroupPods of(String key, List<PodFacts> pods, ToLongFunction<PodFacts> seen) {
    List<PodFacts> members = new ArrayList<>(pods.size());
    int bound = 0;
    int pending = 0;
    long newest = Long.MIN_VALUE;
    Map<Role, Integer> announced = new EnumMap<>(Role.class);
    int engines = 0;
    for (PodFacts pod : pods) {
      if (!pod.member()) {
        continue;
      }
      members.add(pod);
      bound += pod.node() != null ? 1 : 0;
      pending += pod.pending() ? 1 : 0;
      newest = Math.max(newest, seen.applyAsLong(pod));
      engines += pod.engine() == null ? 0 : 1;
      GroupSize size = pod.ask() == null ? null : pod.ask().groupSize();
      if (size != null) {
        size.pods().forEach((role, count) -> announced.merge(role, count, Math::max));
      }
    }
    int wanted = announced.values().stream().mapToInt(Integer::intValue).sum();
    // Engines of several pods announce more than group-size counts; Groups works that out.
    boolean complete = pending == 0 && members.size() >= wanted && engines == 0;
    return new GroupPods(key, members, bound, newest, complete);
  }
}
