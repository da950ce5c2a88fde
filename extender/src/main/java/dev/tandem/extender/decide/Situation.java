package dev.tandem.extender.decide;

import dev.tandem.topology.placement.Cluster;
import dev.tandem.topology.placement.Group;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What one decision is made on: the cluster as the watch sees it, and where pods that were just
 * answered are expected to go.
 *
 * @param snapshot the cluster
 * @param expected those that the watch does not show yet, the pod asked about left out
 */
record Situation(ClusterPicture.Snapshot snapshot, List<Expected> expected) {
  Situation {
    expected = List.copyOf(expected);
  }

  /** The GPUs free on the candidates, and on every other node that {@code pod} could go to. */
  Cluster cluster(PodFacts pod, Collection<String> candidates) {
    Map<String, Integer> promised = new HashMap<>();
    expected.forEach(e -> promised.merge(e.node(), e.pod().gpus(), Integer::sum));
    Set<String> offered = new HashSet<>(candidates);
    Map<String, Integer> free = new HashMap<>(snapshot.nodes().size() * 2);
    for (NodeState node : snapshot.nodes()) {
      String name = node.facts().name();
      boolean usable =
          node.open()
              && !node.tainted()
              && node.labels().entrySet().containsAll(pod.nodeSelector().entrySet());
      if (usable || offered.contains(name)) {
        int taken = snapshot.used().getOrDefault(name, 0) + promised.getOrDefault(name, 0);
        free.put(name, node.facts().gpus() - taken);
      }
    }
    return new Cluster(snapshot.interconnect(), free);
  }

  /**
   * Groups but the pod's own that have some of their pods placed and wait for others.
   *
   * @param announcedSince epoch milliseconds: announced members of a group count while its newest
   *     pod was created after it
   */
  List<Group> others(PodFacts pod, long announcedSince) {
    Map<String, String> nodes = nodes();
    Set<String> expectedGroups = new HashSet<>();
    expected.forEach(e -> {
      String key = e.pod().groupKey();
      if (key != null) {
        expectedGroups.add(key);
      }
    });
    List<Group> others = new ArrayList<>();
    snapshot
        .groups()
        .forEach((key, pods) -> {
          List<PodFacts> members = pods.stream().filter(PodFacts::member).toList();
          boolean begun =
              expectedGroups.contains(key)
                  || members.stream().anyMatch(member -> member.node() != null);
          if (key.equals(pod.groupKey()) || members.isEmpty() || !begun) {
            return;
          }
          Map<String, String> placed = new HashMap<>(nodes);
          bound(members, placed);
          boolean fresh =
              members.stream().anyMatch(member -> member.createdMillis() >= announcedSince);
          boolean waiting = members.stream().anyMatch(m -> !placed.containsKey(m.uid()));
          if (fresh || waiting) {
            int size = members.stream().mapToInt(PodFacts::gpus).max().orElse(0);
            others.add(new Groups(key, members, placed, fresh).group(size));
          }
        });
    return others;
  }

  /** The pod's own group, the pod itself among those without a place. */
  Groups groups(String key, PodFacts pod) {
    Map<String, PodFacts> members = new LinkedHashMap<>();
    for (PodFacts known : snapshot.groups().getOrDefault(key, List.of())) {
      if (known.member()) {
        members.put(known.uid(), known);
      }
    }
    for (Expected e : expected) {
      if (key.equals(e.pod().groupKey())) {
        members.putIfAbsent(e.pod().uid(), e.pod());
      }
    }
    members.put(pod.uid(), pod);
    Map<String, String> nodes = nodes();
    bound(members.values(), nodes);
    nodes.remove(pod.uid());
    return new Groups(key, List.copyOf(members.values()), nodes, true);
  }

  private Map<String, String> nodes() {
    Map<String, String> nodes = new HashMap<>();
    expected.forEach(e -> nodes.put(e.pod().uid(), e.node()));
    return nodes;
  }

  private static void bound(Collection<PodFacts> members, Map<String, String> nodes) {
    for (PodFacts member : members) {
      String node = member.node();
      if (node != null) {
        nodes.put(member.uid(), node);
      }
    }
  }
}
