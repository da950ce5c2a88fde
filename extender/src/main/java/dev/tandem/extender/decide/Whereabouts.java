package dev.tandem.extender.decide;

import dev.tandem.api.Role;
import dev.tandem.topology.graph.Interconnect;
import dev.tandem.topology.placement.Blocks;
import dev.tandem.topology.placement.Planner;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Where our pods are, with the reason they were sent there and what that comes to. */
final class Whereabouts {
  private final ClusterPicture picture;
  private final Journal journal;
  private final Planner planner;

  Whereabouts(ClusterPicture picture, Journal journal, Planner planner) {
    this.picture = picture;
    this.journal = journal;
    this.planner = planner;
  }

  /** Our pods that have a node, by name. */
  List<Placement> placements() {
    Blocks blocks = picture.blocks();
    Map<String, Double> seconds = new HashMap<>();
    List<Placement> placements = new ArrayList<>();
    for (PodFacts pod : picture.ours()) {
      String node = pod.node();
      if (node == null || !pod.member()) {
        continue;
      }
      String key = pod.groupKey();
      double transfer =
          key == null ? 0 : seconds.computeIfAbsent(key, k -> transferSeconds(blocks, k));
      placements.add(placement(pod, node, transfer, blocks.interconnect()));
    }
    placements.sort(Comparator.comparing(Placement::pod));
    return placements;
  }

  private Placement placement(
      PodFacts pod, String node, double seconds, Interconnect interconnect) {
    Journal.Entry entry = journal.chosen(pod.key(), pod.uid());
    String reason;
    if (entry == null) {
      reason = "not placed by this extender";
    } else if (node.equals(entry.node())) {
      reason = entry.reason();
    } else {
      reason = "the scheduler chose it over " + entry.node() + ": " + entry.reason();
    }
    PodFacts.Ask ask = pod.ask();
    return new Placement(
        pod.key(),
        ask == null ? null : ask.group(),
        ask == null ? Role.BOTH : ask.role(),
        node,
        interconnect.knows(node) ? interconnect.locality(node).toString() : null,
        reason,
        seconds * 1e3);
  }

  private double transferSeconds(Blocks blocks, String key) {
    GroupPods group = picture.group(key);
    if (group == null || group.members().isEmpty()) {
      return 0;
    }
    Map<String, String> nodes = new HashMap<>();
    group
        .members()
        .forEach(member -> {
          if (member.node() != null) {
            nodes.put(member.uid(), member.node());
          }
        });
    return planner.seconds(blocks, new Groups(key, group.members(), nodes, false).group(0));
  }
}
