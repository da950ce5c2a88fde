package dev.tandem.simulator.placement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.api.Level;
import dev.tandem.api.Transport;
import dev.tandem.topology.facts.LinkSpeeds;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The planner against baselines and the optimum, on seeded clusters that have lived. */
class QualityTest {
  private static final int SEEDS = 10;

  private static final List<Workload> WORKLOADS =
      List.of(Workload.of(2, 2, 4), Workload.of(1, 3, 2), Workload.of(2, 1, 8));

  private static Shape equalLinksShape() {
    return Shape.of(new Shape.Sizes(64, 8, 0, 64, 64));
  }

  private static LinkSpeeds equalLinks() {
    Map<Level, LinkSpeeds.Link> same = new EnumMap<>(Level.class);
    for (Level level : Level.values()) {
      same.put(level, new LinkSpeeds.Link(50, Transport.RDMA));
    }
    return new LinkSpeeds(same);
  }

  private static void assertNoWorseThanDefault(Scenario scenario) {
    for (int seed = 1; seed <= SEEDS; seed++) {
      Report ours = Runs.run(scenario, Policy.TANDEM, seed);
      Report theirs = Runs.run(scenario, Policy.DEFAULT, seed);
      assertThat(ours.gpuAllocation())
          .as("seed %d: %s against %s", seed, ours, theirs)
          .isGreaterThanOrEqualTo(theirs.gpuAllocation());
      assertThat(ours.result().podsStuck())
          .as("seed %d", seed)
          .isLessThanOrEqualTo(theirs.result().podsStuck());
      assertThat(ours.result().largestFreeBlock())
          .as("seed %d", seed)
          .isGreaterThanOrEqualTo(theirs.result().largestFreeBlock());
    }
  }

  @Test
  void withEqualLinksNoFewerGpusAreUsedAndNoMoreIsFragmentedThanByTheDefault() {
    assertNoWorseThanDefault(
        new Scenario(
            equalLinksShape(),
            equalLinks(),
            new Background.Lived(0.5),
            Workload.of(2, 2, 4),
            12,
            4,
            Runs.lineRate()));
  }

  @Test
  void withEqualLinksPodsSpreadAsEvenlyAsByTheDefault() {
    for (Workload workload : WORKLOADS) {
      Scenario scenario =
          new Scenario(
              equalLinksShape(),
              equalLinks(),
              new Background.Lived(0.3),
              workload,
              12,
              4,
              Runs.lineRate());
      for (int seed = 1; seed <= SEEDS; seed++) {
        assertThat(unevenness(scenario, Policy.TANDEM, seed))
            .as("%s, seed %d", workload, seed)
            .isLessThanOrEqualTo(unevenness(scenario, Policy.DEFAULT, seed));
      }
    }
  }

  /** Mean over the nodes of the square of the GPUs in use: least where all are used alike. */
  private static double unevenness(Scenario scenario, Policy policy, long seed) {
    World world =
        new World(scenario, scenario.background().used(scenario.shape(), new Random(seed)));
    Placer placer = policy.placer(scenario, world, new Random(seed));
    for (Pod pod : Simulation.order(scenario, new Random(seed))) {
      world.created(pod);
      placer.place(pod).ifPresent(node -> world.place(pod, node));
    }
    return IntStream.range(0, world.size())
        .mapToDouble(node -> Math.pow(world.gpus(node) - world.free(node), 2))
        .average()
        .orElseThrow();
  }

  @Test
  void withoutPartnersNoFewerGpusAreUsedAndNoMoreIsFragmentedThanByTheDefault() {
    assertNoWorseThanDefault(
        Runs.scenario(equalLinksShape(), new Background.Lived(0.5), Workload.of(0, 1, 4), 40, 4));
  }

  @Test
  void noPodIsStuckWhereTheDefaultSchedulerFindsAPlace() {
    List<String> worse = new ArrayList<>();
    for (NamedCluster cluster :
        List.of(
            NamedCluster.SMALL_TREE, NamedCluster.MEDIUM, NamedCluster.LARGE, NamedCluster.DUAL)) {
      for (double allocation : new double[] {0.5, 0.7, 0.85}) {
        for (Workload workload : WORKLOADS) {
          int groups = Math.max(1, cluster.shape().nodes().size() / 6);
          Scenario scenario =
              Runs.scenario(cluster.shape(), new Background.Lived(allocation), workload, groups, 4);
          for (int seed = 1; seed <= 5; seed++) {
            int ours = Runs.run(scenario, Policy.TANDEM, seed).result().podsStuck();
            int theirs = Runs.run(scenario, Policy.DEFAULT, seed).result().podsStuck();
            if (ours > theirs) {
              worse.add(
                  "%s at %s, %s, seed %d: %d stuck, default %d"
                      .formatted(cluster, allocation, workload, seed, ours, theirs));
            }
          }
        }
      }
    }
    assertThat(worse).isEmpty();
  }

  @Test
  void aSingleGroupComesWithinTwoPercentOfTheOptimumOnEverySeed() {
    List<String> worse = new ArrayList<>();
    for (NamedCluster cluster : List.of(NamedCluster.SMALL_TREE, NamedCluster.MEDIUM)) {
      for (Workload workload : WORKLOADS) {
        for (double allocation : new double[] {0.3, 0.5, 0.7}) {
          Scenario scenario =
              Runs.scenario(cluster.shape(), new Background.Lived(allocation), workload, 1, 1);
          for (int seed = 1; seed <= SEEDS; seed++) {
            compare(scenario, cluster + " " + workload + " at " + allocation, seed, worse);
          }
        }
      }
    }
    assertThat(worse).isEmpty();
  }

  @Test
  void severalGroupsComeWithinTwoPercentOfTheirJointOptimumOnEverySeed() {
    List<String> worse = new ArrayList<>();
    for (Shape shape :
        List.of(NamedCluster.MEDIUM.shape(), Shape.of(new Shape.Sizes(12, 8, 4, 4, 12)))) {
      for (int groups : new int[] {2, 3}) {
        Scenario scenario =
            Runs.scenario(shape, new Background.Lived(0.3), Workload.of(1, 2, 4), groups, 2);
        for (int seed = 1; seed <= SEEDS; seed++) {
          compare(scenario, shape.nodes().size() + " nodes, " + groups, seed, worse);
        }
      }
    }
    assertThat(worse).isEmpty();
  }

  private static void compare(Scenario scenario, String name, int seed, List<String> worse) {
    Report best = Runs.run(scenario, Policy.OPTIMUM, seed);
    if (best.result().groupsComplete() < scenario.groups()) {
      return; // nobody could
    }
    Report ours = Runs.run(scenario, Policy.TANDEM, seed);
    if (ours.result().podsStuck() > 0 || Runs.millis(ours) > Runs.millis(best) * 1.02) {
      worse.add(name + ", seed " + seed + ": " + ours.result() + " against " + best.result());
    }
  }
}
