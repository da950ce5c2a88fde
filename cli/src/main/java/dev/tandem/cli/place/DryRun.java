package dev.tandem.cli.place;

import dev.tandem.api.Keys;
import dev.tandem.extender.decide.ClusterPicture;
import dev.tandem.extender.decide.Decider;
import dev.tandem.extender.decide.Decision;
import dev.tandem.extender.decide.Journal;
import dev.tandem.extender.decide.NodeState;
import dev.tandem.extender.decide.Placement;
import dev.tandem.extender.decide.PodFacts;
import dev.tandem.topology.facts.KnownTopology;
import dev.tandem.topology.facts.NodeFacts;
import dev.tandem.topology.facts.TopologyFile;
import dev.tandem.topology.placement.Choice;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Places pods one by one with the extender's own code, on a cluster that exists in a file. */
final class DryRun {
  private final ClusterPicture picture;
  private final Decider decider;
  private final Map<String, NodeFacts> nodes = new TreeMap<>();
  private final Map<String, Integer> free = new TreeMap<>();
  private final List<Stranded> stranded = new ArrayList<>();
  private final Map<String, Integer> before = new HashMap<>();
  private final Map<String, Integer> sizes = new HashMap<>();

  /** A pod without a node, and why. */
  record Stranded(PodFacts pod, String reason) {}

  DryRun(TopologyFile file) {
    picture = new ClusterPicture(file.speeds(), Clock.systemUTC());
    decider = new Decider(picture, new Journal(), Decider.Limits.defaults(), Clock.systemUTC());
    decider.costs(KnownTopology.of(file).cost());
    for (NodeFacts node : file.nodes()) {
      picture.node(new NodeState(node, true, false, TopologyFile.labels(node)));
      nodes.put(node.name(), node);
      int used = file.used().getOrDefault(node.name(), 0);
      before.put(node.name(), used);
      free.put(node.name(), node.gpus() - used);
      if (used > 0) {
        picture.pod(
            new PodFacts(
                "used:" + node.name(),
                "",
                "used",
                node.name(),
                true,
                false,
                0,
                used,
                Map.of(),
                null));
      }
    }
  }

  /** Places all pods: each is known to wait before the first is placed, as in a cluster. */
  void place(List<PodFacts> pods) {
    pods.forEach(picture::pod);
    for (PodFacts pod : pods) {
      List<String> candidates =
          free.entrySet().stream()
              .filter(entry -> entry.getValue() >= pod.gpus())
              .map(Map.Entry::getKey)
              .filter(node -> selected(pod, node))
              .toList();
      if (candidates.isEmpty()) {
        stranded.add(new Stranded(pod, "no node has " + pod.gpus() + " free GPUs and its labels"));
        continue;
      }
      switch (decider.filter(pod, candidates)) {
        case Decision.Chosen(List<Choice> choices, Map<String, String> dropped) ->
            bind(pod, choices.getFirst().node());
        case Decision.Refused(var cause, String reason, Map<String, String> dropped) ->
            stranded.add(new Stranded(pod, reason));
        case Decision.Indifferent indifferent -> bind(pod, freest(indifferent.nodes()));
        case Decision.PassedThrough() ->
            stranded.add(
                new Stranded(pod, "carries no " + Keys.ROLE + "; any scheduler may place it"));
      }
    }
  }

  List<Placement> placements() {
    return decider.placements();
  }

  /** The cluster drawn as nested blocks with the pods in it, as SVG. */
  String picture() {
    Map<String, List<PlacementPicture.Slot>> slots = new HashMap<>();
    nodes.forEach((name, node) ->
        slots.put(
            name,
            new ArrayList<>(
                Collections.nCopies(before.getOrDefault(name, 0), PlacementPicture.Slot.USED))));
    for (Placement placement : placements()) {
      List<PlacementPicture.Slot> there = slots.get(placement.node());
      Integer gpus = sizes.get(placement.pod());
      if (there != null && gpus != null) {
        there.addAll(Collections.nCopies(gpus, PlacementPicture.of(placement)));
      }
    }
    nodes.forEach((name, node) -> {
      List<PlacementPicture.Slot> there = slots.getOrDefault(name, new ArrayList<>());
      while (there.size() < node.gpus()) {
        there.add(PlacementPicture.Slot.FREE);
      }
    });
    return new PlacementPicture(slots).draw(nodes.values());
  }

  List<Stranded> stranded() {
    return List.copyOf(stranded);
  }

  /** kube-scheduler's own choice, LeastAllocated. */
  private String freest(List<String> names) {
    return Collections.max(names, Comparator.comparingInt(name -> free.getOrDefault(name, 0)));
  }

  private boolean selected(PodFacts pod, String node) {
    NodeFacts facts = nodes.get(node);
    return facts != null
        && TopologyFile.labels(facts).entrySet().containsAll(pod.nodeSelector().entrySet());
  }

  private void bind(PodFacts pod, String node) {
    free.merge(node, -pod.gpus(), Integer::sum);
    sizes.put(pod.key(), pod.gpus());
    picture.pod(pod.on(node));
    decider.settled(pod.uid());
  }
}
