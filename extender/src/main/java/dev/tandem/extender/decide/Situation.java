package dev.tandem.extender.decide;

import dev.tandem.topology.placement.Blocks;
import dev.tandem.topology.placement.Member;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What one decision is made on: the cluster as the watch sees it, and where pods that were just
 * answered are expected to go.
 *
 * @param snapshot the cluster
 * @param expected those that the watch does not show yet
 * @param alive whether a node exists and is ready
 */
record Situation(
    ClusterPicture.Snapshot snapshot, List<Expected> expected, Predicate<String> alive) {
  private static final int CLOSED = -1;

  Situation {
    expected = List.copyOf(expected);
  }

  /** GPUs left by node number on every node that takes pods at all; all expected pods counted. */
  int[] everywhere() {
    int[] free = snapshot.spare().clone();
    promise(free, null);
    for (int node = 0; node < free.length; node++) {
      free[node] = snapshot.doors()[node] == Floor.SHUT ? CLOSED : counted(free[node]);
    }
    return free;
  }

  /**
   * GPUs left on the candidates, and on every other node that {@code pod} could go to.
   *
   * @param selected which nodes have the labels it selects, or null if all
   */
  int[] free(PodFacts pod, boolean[] offered, boolean @Nullable [] selected) {
    int[] free = snapshot.spare().clone();
    promise(free, pod.uid());
    byte[] doors = snapshot.doors();
    for (int node = 0; node < free.length; node++) {
      boolean usable =
          offered[node] || (doors[node] == Floor.OPEN && (selected == null || selected[node]));
      free[node] = usable ? counted(free[node]) : CLOSED;
    }
    return free;
  }

  /** No pod asks for more than this; an absurd number of GPUs must not size a table. */
  private static int counted(int free) {
    return Math.clamp(free, 0, Member.MOST_GPUS);
  }

  private void promise(int[] free, @Nullable String but) {
    for (Expected e : expected) {
      int node = snapshot.blocks().indexOf(e.node());
      if (node != Blocks.NONE && !e.pod().uid().equals(but)) {
        free[node] -= e.pod().gpus();
      }
    }
  }

  /**
   * The pod's own group, the pod itself among those without a place.
   *
   * @param known its pods as the watch shows them, or null
   */
  Groups groups(String key, @Nullable GroupPods known, PodFacts pod) {
    Map<String, PodFacts> members = new LinkedHashMap<>();
    if (known != null) {
      known.members().forEach(member -> members.put(member.uid(), member));
    }
    members.put(pod.uid(), pod);
    return groups(key, members.values(), expectedOf(key), true, pod.uid());
  }

  /** The expected pods of a group. */
  List<Expected> expectedOf(String key) {
    List<Expected> of = new ArrayList<>();
    for (Expected e : expected) {
      if (key.equals(e.pod().groupKey())) {
        of.add(e);
      }
    }
    return of;
  }

  /**
   * A group whose members on lost nodes are left out: they serve nobody, and anchor nothing.
   *
   * @param waiting where its pods are expected
   */
  Groups groups(
      String key, Collection<PodFacts> pods, List<Expected> waiting, boolean announcedToo) {
    return groups(key, pods, waiting, announcedToo, null);
  }

  private Groups groups(
      String key,
      Collection<PodFacts> pods,
      List<Expected> waiting,
      boolean announcedToo,
      @Nullable String homeless) {
    Map<String, String> nodes = new HashMap<>();
    Map<String, PodFacts> members = new LinkedHashMap<>();
    for (PodFacts pod : pods) {
      String node = pod.node();
      if (node == null || alive.test(node)) {
        members.put(pod.uid(), pod);
      }
      if (node != null) {
        nodes.put(pod.uid(), node);
      }
    }
    for (Expected e : waiting) {
      members.putIfAbsent(e.pod().uid(), e.pod());
      nodes.putIfAbsent(e.pod().uid(), e.node());
    }
    nodes.remove(homeless);
    return new Groups(key, members.values(), nodes, announcedToo);
  }
}
