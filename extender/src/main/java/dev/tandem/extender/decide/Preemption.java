package dev.tandem.extender.decide;

import dev.tandem.topology.placement.Blocks;
import dev.tandem.topology.placement.Planner;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Thins out the nodes on which kube-scheduler may evict pods for another. It takes the best of what
 * is left by its own rules (fewest budget violations, lowest priorities), so leaving a node out is
 * all an extender can say: those stay that break fewest groups, and of these those where the
 * preempting pod's own group exchanges its KV cache soonest.
 *
 * <p>A group is broken when some of its pods go and others stay: a prefill pod without its decode
 * pod holds GPUs for nothing. Victims are never added or changed, so any answer is a legal one, and
 * of a call with a node there is always a node left.
 *
 * <p>Pure; safe for many threads.
 */
final class Preemption {
  private final ClusterPicture picture;
  private final Supplier<Planner> planner;
  private final double noise;

  /**
   * @param planner the one that decisions are made by now
   * @param noise relative error of the prediction: nodes within it of the best stay
   */
  Preemption(ClusterPicture picture, Supplier<Planner> planner, double noise) {
    this.picture = picture;
    this.planner = planner;
    this.noise = noise;
  }

  /**
   * The nodes worth evicting on, each with the victims it came with.
   *
   * @param pod the pod that wants their place
   * @param offered victims by node
   */
  Map<String, Victims> worthwhile(PodFacts pod, Map<String, Victims> offered) {
    if (offered.size() < 2) {
      return offered;
    }
    Map<String, Victims> gentle = gentlest(offered);
    String key = pod.groupKey();
    return key == null || gentle.size() < 2 ? gentle : nearest(key, pod, gentle);
  }

  private Map<String, Victims> gentlest(Map<String, Victims> offered) {
    Map<String, Integer> broken = new HashMap<>();
    offered.forEach((node, victims) -> broken.put(node, broken(victims)));
    int fewest = broken.values().stream().mapToInt(Integer::intValue).min().orElse(0);
    Map<String, Victims> gentle = new LinkedHashMap<>(offered);
    gentle.keySet().removeIf(node -> broken.getOrDefault(node, 0) > fewest);
    return gentle;
  }

  /** How many groups would lose some of their pods and keep others. */
  private int broken(Victims victims) {
    Set<String> gone = new HashSet<>(victims.uids());
    Set<String> touched = new HashSet<>();
    for (String uid : gone) {
      PodFacts victim = picture.pod(uid);
      String group = victim == null || !victim.member() ? null : victim.groupKey();
      if (group != null) {
        touched.add(group);
      }
    }
    int broken = 0;
    for (String group : touched) {
      broken += members(group).stream().allMatch(pod -> gone.contains(pod.uid())) ? 0 : 1;
    }
    return broken;
  }

  private Map<String, Victims> nearest(String key, PodFacts pod, Map<String, Victims> offered) {
    Blocks blocks = picture.blocks();
    Map<String, Double> seconds = new HashMap<>();
    offered.forEach((node, victims) -> {
      if (blocks.interconnect().knows(node)) {
        seconds.put(node, seconds(blocks, key, pod, node, victims));
      }
    });
    double best = seconds.values().stream().mapToDouble(Double::doubleValue).min().orElse(0);
    Map<String, Victims> near = new LinkedHashMap<>(offered);
    near.keySet()
        .removeIf(node -> seconds.getOrDefault(node, Double.MAX_VALUE) > best * (1 + noise));
    return near.isEmpty() ? offered : near;
  }

  /**
   * What the exchange of those of the group that have a place comes to with the pod there and the
   * victims gone. Members without one are as far from every node, and would drown the difference.
   */
  private double seconds(Blocks blocks, String key, PodFacts pod, String node, Victims victims) {
    Map<String, PodFacts> members = new LinkedHashMap<>();
    Map<String, String> nodes = new HashMap<>();
    for (PodFacts member : members(key)) {
      String where = member.node();
      if (where != null && !victims.uids().contains(member.uid())) {
        members.put(member.uid(), member);
        nodes.put(member.uid(), where);
      }
    }
    members.put(pod.uid(), pod);
    nodes.put(pod.uid(), node);
    Groups group = new Groups(key, List.copyOf(members.values()), nodes, false);
    return planner.get().seconds(blocks, group.group(pod.gpus()));
  }

  private List<PodFacts> members(String key) {
    GroupPods group = picture.group(key);
    return group == null ? List.of() : group.members();
  }
}
