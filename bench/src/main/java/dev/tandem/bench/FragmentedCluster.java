package dev.tandem.bench;

import dev.tandem.api.Keys;
import dev.tandem.api.Level;
import dev.tandem.extender.decide.Annotations;
import dev.tandem.extender.decide.ClusterPicture;
import dev.tandem.extender.decide.Decider;
import dev.tandem.extender.decide.Journal;
import dev.tandem.extender.decide.NodeState;
import dev.tandem.extender.decide.PodFacts;
import dev.tandem.topology.facts.LinkSpeeds;
import dev.tandem.topology.facts.NodeFacts;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Nodes of 8 GPUs in NVLink domains of 16, leaves of 32 and spines of 256, half of them half filled
 * at random but always the same, and groups of 2P+2D x 4 GPUs that wait for three of their pods.
 */
final class FragmentedCluster {
  private static final long SEED = 7;

  /** Announced members count as long as the run takes. */
  private static final Decider.Limits ALL_THROUGH_THE_RUN =
      new Decider.Limits(32, 0.05, Duration.ofSeconds(15), Duration.ofDays(1), 10_000);

  final ClusterPicture picture = new ClusterPicture(LinkSpeeds.defaults(), Clock.systemUTC());
  final Decider decider =
      new Decider(picture, new Journal(), ALL_THROUGH_THE_RUN, Clock.systemUTC());
  final List<String> names = new ArrayList<>();

  FragmentedCluster(int nodes, int waiting) {
    Random random = new Random(SEED);
    for (NodeFacts facts : facts(nodes)) {
      picture.node(new NodeState(facts, true, false, Map.of()));
      names.add(facts.name());
      if (random.nextBoolean()) {
        picture.pod(pod("used-" + facts.name(), 4, Map.of()).on(facts.name()));
      }
    }
    for (int group = 0; group < waiting; group++) {
      PodFacts first = member("w" + group, "prefill", 0);
      picture.pod(first.on(names.get(random.nextInt(nodes))));
    }
  }

  static List<NodeFacts> facts(int nodes) {
    List<NodeFacts> facts = new ArrayList<>();
    for (int i = 0; i < nodes; i++) {
      Map<Level, String> levels =
          Map.of(
              Level.NVLINK,
              "nvl-" + i / 16,
              Level.LEAF,
              "leaf-" + i / 32,
              Level.SPINE,
              "spine-" + i / 256,
              Level.CORE,
              "core-0");
      facts.add(new NodeFacts("gpu-node-%05d".formatted(i), levels, 8, null, 0, List.of()));
    }
    return facts;
  }

  PodFacts member(String group, String role, int number) {
    return pod(
        group + "-" + role + "-" + number,
        4,
        Map.of(Keys.ROLE, role, Keys.GROUP, group, Keys.GROUP_SIZE, "prefill=2,decode=2"));
  }

  private static PodFacts pod(String name, int gpus, Map<String, String> annotations) {
    return new PodFacts(
        "uid-" + name,
        "llm",
        name,
        null,
        true,
        false,
        System.currentTimeMillis(),
        gpus,
        Map.of(),
        Annotations.read(annotations, Map.of()));
  }
}
