package dev.tandem.topology.placement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.api.Level;
import dev.tandem.topology.facts.NodeFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The planner against what a cluster does without it, on seeded random clusters: kube-scheduler's
 * LeastAllocated, and required pod affinity to the NVLink domain of the group's first pod.
 */
class BaselinesTest {
  private static final int CLUSTERS = 100;

  /** Far above rounding, far below the thousandth by which the planner prefers what is near. */
  private static final double ROUNDING = 1e-9;

  /** A share of the nodes has no labels or lacks some; others have work on them. */
  private static Scene cluster(int seed) {
    Random random = new Random(seed);
    Scene scene = new Scene();
    int nodes = 16 + random.nextInt(33);
    int perDomain = 2 + random.nextInt(4);
    for (int i = 0; i < nodes; i++) {
      String name = "node-%02d".formatted(i);
      boolean labelled = random.nextInt(10) > 0;
      scene.node(
          name,
          labelled && random.nextInt(10) > 0 ? "n" + i / perDomain : null,
          labelled ? "l" + i / 8 : null,
          labelled ? "s" + i / 24 : null,
          8);
      scene.use(name, 4 * random.nextInt(3));
    }
    int groups = 1 + random.nextInt(3);
    for (int g = 0; g < groups; g++) {
      scene.group("g" + g, 1 + random.nextInt(3), 1 + random.nextInt(3), 4 << random.nextInt(2));
    }
    return scene;
  }

  /** The mean transfer of the scene's groups in seconds; a pod without a place is out of reach. */
  private static double meanSeconds(Scene scene) {
    return scene.groups.values().stream()
        .mapToDouble(wanted -> scene.planner.seconds(scene.interconnect(), wanted.group()))
        .average()
        .orElseThrow();
  }

  /** Puts a pod on the emptiest node, as kube-scheduler does: among equals one at random. */
  private static boolean leastAllocated(
      Scene scene, Scene.Wanted wanted, Member pod, List<String> nodes, Random random) {
    int most = nodes.stream().mapToInt(node -> free(scene, node)).max().orElse(-1);
    List<String> emptiest = nodes.stream().filter(node -> free(scene, node) == most).toList();
    if (emptiest.isEmpty()) {
      return false;
    }
    scene.put(wanted, pod, emptiest.get(random.nextInt(emptiest.size())));
    return true;
  }

  private static int free(Scene scene, String node) {
    return Objects.requireNonNull(scene.free.get(node));
  }

  private static boolean placedByLeastAllocated(Scene scene, Random random) {
    boolean all = true;
    for (Scene.Wanted wanted : scene.groups.values()) {
      for (Member pod : wanted.members) {
        all &= leastAllocated(scene, wanted, pod, scene.feasible(pod), random);
      }
    }
    return all;
  }

  /** Affinity with the topology key of NVLink domains: the first pod of a group decides. */
  private static boolean placedByAffinity(Scene scene, Random random) {
    boolean all = true;
    for (Scene.Wanted wanted : scene.groups.values()) {
      for (Member pod : wanted.members) {
        List<String> nodes =
            scene.feasible(pod).stream().filter(node -> domain(scene, node) != null).toList();
        if (!wanted.placed.isEmpty()) {
          String first = domain(scene, wanted.placed.getFirst().node());
          nodes =
              nodes.stream().filter(node -> Objects.equals(first, domain(scene, node))).toList();
        }
        all &= leastAllocated(scene, wanted, pod, nodes, random);
      }
    }
    return all;
  }

  private static @Nullable String domain(Scene scene, String node) {
    NodeFacts facts = Objects.requireNonNull(scene.nodes.get(node));
    return facts.block(Level.NVLINK);
  }

  @Test
  void noClusterIsServedWorseThanByLeastAllocatedOrByRequiredAffinity() {
    List<String> worse = new ArrayList<>();
    int completed = 0;
    int completedByAffinity = 0;
    int stuckByAffinity = 0;
    int better = 0;
    for (int seed = 0; seed < CLUSTERS; seed++) {
      Scene ours = cluster(seed);
      boolean all = true;
      for (Scene.Wanted wanted : ours.groups.values()) {
        all &= ours.placeAll(wanted);
      }
      double seconds = meanSeconds(ours);
      Scene spread = cluster(seed);
      boolean spreadAll = placedByLeastAllocated(spread, new Random(seed));
      Scene affine = cluster(seed);
      boolean affineAll = placedByAffinity(affine, new Random(seed));

      completed += all ? 1 : 0;
      completedByAffinity += affineAll ? 1 : 0;
      stuckByAffinity += all && !affineAll ? 1 : 0;
      better += seconds < meanSeconds(spread) * (1 - ROUNDING) ? 1 : 0;
      if (!all && (spreadAll || affineAll)) {
        worse.add("seed " + seed + ": stuck where another placement completes");
      }
      if (spreadAll && seconds > meanSeconds(spread) * (1 + ROUNDING)) {
        worse.add("seed " + seed + ": LeastAllocated by " + seconds / meanSeconds(spread));
      }
      if (affineAll && seconds > meanSeconds(affine) * (1 + ROUNDING)) {
        worse.add("seed " + seed + ": required affinity by " + seconds / meanSeconds(affine));
      }
    }
    assertThat(worse).isEmpty();
    // The clusters are hard enough to tell the three apart.
    assertThat(completed).isGreaterThan(CLUSTERS / 2);
    assertThat(completedByAffinity).isPositive();
    assertThat(stuckByAffinity).isPositive();
    assertThat(better).isGreaterThan(CLUSTERS / 2);
  }
}
