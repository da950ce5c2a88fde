package dev.tandem.extender.decide;

import dev.tandem.api.Keys;
import dev.tandem.api.Level;
import dev.tandem.topology.facts.LinkSpeeds;
import dev.tandem.topology.facts.NodeFacts;
import dev.tandem.topology.placement.Choice;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A picture, a decider on it, and pods placed as a scheduler would. One thread. */
final class Stage {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  final ClusterPicture picture;
  final Decider decider;
  final Map<String, NodeState> nodes = new HashMap<>();
  final Map<String, Integer> free = new HashMap<>();
  final List<String> names = new ArrayList<>();

  Stage() {
    this(Duration.ZERO);
  }

  /**
   * @param ahead how far the extender's clock is ahead of the API server's, which stamps pods
   */
  Stage(Duration ahead) {
    Clock clock = Clock.fixed(NOW.plus(ahead), ZoneOffset.UTC);
    picture = new ClusterPicture(LinkSpeeds.defaults(), clock);
    decider =
        new Decider(
            picture,
            new Journal(),
            new Decider.Limits(32, 0.05, Duration.ofSeconds(15), Duration.ofSeconds(60), 1_000),
            clock);
  }

  /** Nodes of 8 GPUs in domains, leaves and one spine. */
  Stage nodes(int count, int perDomain, int perLeaf) {
    for (int i = 0; i < count; i++) {
      Map<Level, String> levels = new HashMap<>();
      if (perDomain > 0) {
        levels.put(Level.NVLINK, "n" + i / perDomain);
      }
      levels.put(Level.LEAF, "l" + i / perLeaf);
      levels.put(Level.SPINE, "s0");
      node("gpu-%04d".formatted(i), levels);
    }
    return this;
  }

  Stage node(String name, Map<Level, String> levels) {
    NodeState node =
        new NodeState(
            new NodeFacts(name, levels, 8, null, 0, List.of()), true, false, Map.of("name", name));
    nodes.put(name, node);
    free.put(name, 8);
    names.add(name);
    picture.node(node);
    return this;
  }

  Stage use(String node, int gpus) {
    picture.pod(pod("used-" + node, gpus, Map.of(), 0, null).on(node));
    free.merge(node, -gpus, Integer::sum);
    return this;
  }

  void lose(String name) {
    NodeState node = Objects.requireNonNull(nodes.get(name));
    picture.node(new NodeState(node.facts(), false, true, false, node.labels()));
    free.put(name, 0);
  }

  static PodFacts member(String group, String role, int number, int gpus) {
    return member(group, role, number, gpus, "prefill=2,decode=2");
  }

  static PodFacts member(String group, String role, int number, int gpus, String size) {
    return pod(
        group + "-" + role + "-" + number,
        gpus,
        Map.of(Keys.ROLE, role, Keys.GROUP, group, Keys.GROUP_SIZE, size),
        0,
        null);
  }

  static PodFacts pod(
      String name,
      int gpus,
      Map<String, String> annotations,
      int priority,
      PodFacts.@Nullable Engine engine) {
    return new PodFacts(
        "uid-" + name,
        "llm",
        name,
        null,
        true,
        false,
        NOW.toEpochMilli(),
        gpus,
        Map.of(),
        priority,
        engine,
        false,
        Annotations.read(annotations, Map.of()));
  }

  /** Node names where the pod fits, as a scheduler's own filters find them. */
  List<String> feasible(PodFacts pod) {
    return names.stream().filter(name -> free.getOrDefault(name, 0) >= pod.gpus()).toList();
  }

  /** The nodes it may go to. */
  List<String> ask(PodFacts pod) {
    return switch (decider.filter(pod, feasible(pod))) {
      case Decision.PassedThrough() -> feasible(pod);
      case Decision.Indifferent indifferent -> indifferent.nodes();
      case Decision.Chosen chosen -> chosen.choices().stream().map(Choice::node).toList();
      case Decision.Refused refused -> List.of();
    };
  }

  /** Asks and takes the first node; the watch knows of it only with {@link #bind}. */
  String send(PodFacts pod) {
    String node = ask(pod).getFirst();
    free.merge(node, -pod.gpus(), Integer::sum);
    return node;
  }

  void bind(PodFacts pod, String node) {
    picture.pod(pod.on(node));
    decider.settled(pod.uid());
  }

  String place(PodFacts pod) {
    picture.pod(pod);
    String node = send(pod);
    bind(pod, node);
    return node;
  }

  String domain(String node) {
    return String.valueOf(Objects.requireNonNull(nodes.get(node)).facts().block(Level.NVLINK));
  }
}
