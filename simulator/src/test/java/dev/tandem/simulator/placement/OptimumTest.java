package dev.tandem.simulator.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class OptimumTest {
  @Test
  void noPolicyBeatsIt() {
    Scenario scenario =
        Runs.scenario(
            Shape.of(new Shape.Sizes(12, 8, 4, 4, 12)),
            new Background.Lived(0.3),
            Workload.of(1, 2, 4),
            3,
            2);
    for (int seed = 1; seed <= 5; seed++) {
      Report best = Runs.run(scenario, Policy.OPTIMUM, seed);
      for (Policy policy : Policy.values()) {
        Report other = Runs.run(scenario, policy, seed);
        assertThat(best.result().groupsComplete())
            .as("seed %d %s", seed, policy)
            .isGreaterThanOrEqualTo(other.result().groupsComplete());
        if (best.result().groupsComplete() == other.result().groupsComplete()
            && other.result().podsStuck() == 0) {
          assertThat(Runs.millis(best))
              .as("seed %d %s", seed, policy)
              .isLessThanOrEqualTo(Runs.millis(other) + 1e-9);
        }
      }
    }
  }

  @Test
  void aFullClusterIsFilledSoThatEveryTransferGoesOverNvlink() {
    Scenario scenario =
        Runs.scenario(
            NamedCluster.MEDIUM.shape(), new Background.Even(0), Workload.of(2, 2, 4), 4, 2);

    Report best = Runs.run(scenario, Policy.OPTIMUM, 1);

    assertThat(best.gpuAllocation()).isEqualTo(1);
    assertThat(Runs.millis(best)).isCloseTo(5.03, within(0.01));
  }
}
