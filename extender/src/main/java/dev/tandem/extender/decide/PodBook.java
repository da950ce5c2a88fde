package dev.tandem.extender.decide;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The pods of a cluster, with the GPUs they hold a node and the pods a group counted as they
 * change. Whoever changes it says which floor is to follow. Not safe for threads: {@link
 * ClusterPicture} guards it.
 */
final class PodBook {
  private final Map<String, PodFacts> pods = new HashMap<>();
  private final Map<String, Map<String, PodFacts>> byGroup = new HashMap<>();
  private final Map<String, GroupPods> groups = new HashMap<>();
  private final Map<String, GroupPods> incomplete = new LinkedHashMap<>();
  private final Map<String, Integer> used = new HashMap<>();
  private final FirstShown firstShown;

  PodBook(FirstShown firstShown) {
    this.firstShown = firstShown;
  }

  /** Takes in a pod as it is now; one that does not matter any more is forgotten. */
  void put(PodFacts pod, Floor floor) {
    PodFacts before = pods.get(pod.uid());
    if (pod.equals(before)) {
      return;
    }
    if (before != null && !Objects.equals(before.groupKey(), pod.groupKey())) {
      forget(pod.uid(), floor);
      before = null;
    }
    if (before != null) {
      count(before, -1, floor);
    }
    if (!pod.matters()) {
      forget(pod.uid(), floor);
      return;
    }
    pods.put(pod.uid(), pod);
    count(pod, 1, floor);
    String group = pod.groupKey();
    if (group != null) {
      firstShown.shown(pod);
      byGroup.computeIfAbsent(group, g -> new LinkedHashMap<>()).put(pod.uid(), pod);
      regroup(group, floor);
    }
  }

  /** The pod is gone. */
  void remove(String uid, Floor floor) {
    PodFacts before = pods.get(uid);
    if (before != null) {
      count(before, -1, floor);
      forget(uid, floor);
    }
  }

  /** Tells a new floor which groups exchange what over its uplinks. */
  void connect(Floor floor) {
    groups.forEach((key, group) -> floor.uplinks().group(key, Groups.placed(group.members())));
  }

  @Nullable PodFacts get(String uid) {
    return pods.get(uid);
  }

  /** A view: every pod, as long as nobody changes the book. */
  Collection<PodFacts> all() {
    return Collections.unmodifiableCollection(pods.values());
  }

  /** The pods of a group, or null if it has none. */
  @Nullable GroupPods group(String key) {
    return groups.get(key);
  }

  /** Groups with a pod that waits or is announced. */
  List<GroupPods> incomplete() {
    return new ArrayList<>(incomplete.values());
  }

  /** A view: GPUs that bound pods hold, by node; nodes without any may be absent. */
  Map<String, Integer> used() {
    return Collections.unmodifiableMap(used);
  }

  int used(String node) {
    return used.getOrDefault(node, 0);
  }

  /** When each was first shown, for a book that must not forget what this one does. */
  FirstShown firstShown() {
    return firstShown.unforgetting();
  }

  private void forget(String uid, Floor floor) {
    PodFacts before = pods.remove(uid);
    firstShown.gone(uid);
    String group = before == null ? null : before.groupKey();
    Map<String, PodFacts> members = group == null ? null : byGroup.get(group);
    if (group != null && members != null) {
      members.remove(uid);
      if (members.isEmpty()) {
        byGroup.remove(group);
      }
      regroup(group, floor);
    }
  }

  private void regroup(String key, Floor floor) {
    Map<String, PodFacts> members = byGroup.get(key);
    if (members == null) {
      groups.remove(key);
      incomplete.remove(key);
      floor.uplinks().group(key, List.of());
      return;
    }
    GroupPods group = GroupPods.of(key, List.copyOf(members.values()), firstShown::of);
    groups.put(key, group);
    floor.uplinks().group(key, Groups.placed(group.members()));
    if (group.complete()) {
      incomplete.remove(key);
    } else {
      incomplete.put(key, group);
    }
  }

  private void count(PodFacts pod, int sign, Floor floor) {
    String node = pod.node();
    if (node != null && pod.holdsGpus() && pod.gpus() > 0) {
      used.merge(node, sign * pod.gpus(), Integer::sum);
      floor.take(node, sign * pod.gpus());
    }
  }
}
