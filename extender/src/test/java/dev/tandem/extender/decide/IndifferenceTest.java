package dev.tandem.extender.decide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.api.Keys;
import dev.tandem.api.Level;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Where it makes no difference to us, the scheduler chooses as it would alone. */
class IndifferenceTest {
  private static final Map<String, String> BOTH = Map.of(Keys.ROLE, "both");

  @Test
  void aPodWithoutPartnersMayGoWhereverItFits() {
    Stage stage = new Stage().nodes(16, 4, 8).use("gpu-0003", 4);
    PodFacts pod = Stage.pod("solo", 4, BOTH, 0, null);
    assertThat(stage.ask(pod)).containsExactlyElementsOf(stage.names);
    assertThat(stage.decider.prioritize(pod, stage.names)).isEmpty();
  }

  @Test
  void itLeavesThePlacesAGroupWaitsForWhileOthersAreThere() {
    Stage stage = new Stage().nodes(8, 4, 8);
    String domain = stage.domain(stage.place(Stage.member("a", "prefill", 0, 8)));
    PodFacts pod = Stage.pod("solo", 4, BOTH, 0, null);
    assertThat(stage.ask(pod)).hasSize(4).noneMatch(node -> stage.domain(node).equals(domain));
    stage.names.stream()
        .filter(node -> !stage.domain(node).equals(domain))
        .forEach(node -> stage.use(node, 8));
    assertThat(stage.ask(pod)).hasSize(3);
  }

  @Test
  void aGroupOnEqualLinksMayGoWhereverItFits() {
    Stage flat = new Stage().nodes(16, 0, 16);
    PodFacts pod = Stage.member("a", "prefill", 0, 8);
    assertThat(flat.ask(pod)).hasSize(16);
    Stage bare = new Stage();
    for (int i = 0; i < 6; i++) {
      bare.node("bare-" + i, Map.of());
    }
    assertThat(bare.ask(pod)).hasSize(6);
  }

  @Test
  void aSecondLeafMakesADifference() {
    Stage stage = new Stage().nodes(16, 0, 8);
    assertThat(stage.ask(Stage.member("a", "prefill", 0, 8))).hasSize(1);
  }

  @Test
  void aRequiredLevelIsNeverIndifferent() {
    Stage stage =
        new Stage().node("a", Map.of(Level.LEAF, "l0")).node("b", Map.of(Level.LEAF, "l0"));
    PodFacts pod =
        Stage.pod(
            "p",
            8,
            Map.of(
                Keys.ROLE, "prefill",
                Keys.GROUP, "g",
                Keys.GROUP_SIZE, "prefill=1,decode=1",
                Keys.TOPOLOGY, "required:leaf"),
            0,
            null);
    assertThat(stage.ask(pod)).hasSize(1);
  }

  /** kube-scheduler's LeastAllocated, with and without us, on the same pods in the same order. */
  @Test
  void podsWithoutPartnersSpreadAsWellAsWithoutUs() {
    for (int seed = 0; seed < 20; seed++) {
      assertThat(fullest(seed, true)).as("seed %d", seed).isEqualTo(fullest(seed, false));
    }
  }

  /** Free GPUs of the nodes, sorted, after pods of many sizes. */
  private static List<Integer> fullest(int seed, boolean withUs) {
    Random random = new Random(seed);
    Stage stage = new Stage().nodes(24, 4, 8);
    for (int i = 0; i < 40; i++) {
      PodFacts pod = Stage.pod("p" + i, 1 << random.nextInt(3), BOTH, 0, null);
      List<String> nodes = withUs ? stage.ask(pod) : stage.feasible(pod);
      String node =
          Collections.max(nodes, Comparator.comparingInt(n -> stage.free.getOrDefault(n, 0)));
      stage.free.merge(node, -pod.gpus(), Integer::sum);
      stage.bind(pod, node);
    }
    return stage.free.values().stream().sorted().toList();
  }
}
