package dev.tandem.simulator.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.api.Role;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SimulationTest {
  private static Scenario small(Workload workload) {
    return Runs.scenario(NamedCluster.MEDIUM.shape(), new Background.Lived(0.5), workload, 3, 2);
  }

  @ParameterizedTest
  @EnumSource(Policy.class)
  void theSameSeedGivesTheSameReportTwice(Policy policy) {
    Scenario scenario = small(Workload.of(1, 1, 4));

    assertThat(Runs.run(scenario, policy, 7)).isEqualTo(Runs.run(scenario, policy, 7));
  }

  @Test
  void theOptimumIsRefusedWhereItWouldTakeForEver() {
    assertThatThrownBy(() -> Runs.run(Runs.fragmented(), Policy.OPTIMUM, 1))
        .hasMessageContaining("256 nodes")
        .hasMessageContaining("at most 12");
  }

  @Test
  void aWarmUpEndsWhenItsTimeIsOver() {
    AtomicLong second = new AtomicLong();
    Simulation simulation = new Simulation(() -> second.getAndIncrement() * 1_000_000_000);

    simulation.warmUp(Runs.fragmented(), Policy.TANDEM, 1, Duration.ofSeconds(5));

    assertThat(second.get()).as("of 120 pods, those of five seconds").isLessThan(10);
  }

  @Test
  void aWarmUpChangesNothingThatComesAfter() {
    Scenario scenario = small(Workload.of(2, 2, 4));
    Report cold = Runs.run(scenario, Policy.DEFAULT, 3);

    new Simulation(System::nanoTime).warmUp(scenario, Policy.DEFAULT, 3, Duration.ofMillis(10));

    assertThat(Runs.run(scenario, Policy.DEFAULT, 3)).isEqualTo(cold);
  }

  @Test
  void podsOfOneGroupAloneComeInOrderAndThoseOfManyClientsInterleaved() {
    Scenario alone =
        Runs.scenario(
            NamedCluster.N256.shape(), new Background.Even(0), Workload.of(2, 2, 4), 9, 1);
    Scenario together =
        Runs.scenario(
            NamedCluster.N256.shape(), new Background.Even(0), Workload.of(2, 2, 4), 9, 3);

    assertThat(Simulation.order(alone, new Random(1)))
        .extracting(Pod::group)
        .isSorted()
        .hasSize(36);
    assertThat(Simulation.order(together, new Random(1)))
        .doesNotHaveDuplicates()
        .hasSize(36)
        .isNotEqualTo(Simulation.order(alone, new Random(1)));
  }

  @Test
  void podsAddedLaterComeAfterEveryGroup() {
    Workload workload = new Workload(1, 1, 4, 4, Workload.Pairs.KV_CACHE, 1);
    List<Pod> order = Simulation.order(small(workload), new Random(1));

    assertThat(order.subList(6, 9)).allMatch(Pod::late);
    assertThat(order.subList(0, 6)).noneMatch(Pod::late);
  }

  @Test
  void draftAndTargetArePairedByLatency() {
    Workload workload = new Workload(1, 1, 4, 4, Workload.Pairs.DRAFT_TARGET, 0);

    Report report = Runs.run(small(workload), Policy.TANDEM, 1);

    assertThat(workload.announced(0))
        .extracting(Pod::role)
        .containsExactly(Role.DRAFT, Role.TARGET);
    assertThat(Runs.millis(report)).isBetween(0.1, 30.0);
  }

  @Test
  void groupsWithoutPairsHaveNoTransfer() {
    Report report = Runs.run(small(Workload.of(0, 2, 4)), Policy.TANDEM, 1);

    assertThat(report.result().meanTransferMillis()).isNull();
    assertThat(report.result().minBandwidthGigabytesPerSecond()).isNull();
  }

  @Test
  void aClusterThatHasLivedHasTheShareAskedForOnEverySeed() {
    Shape shape = NamedCluster.N256.shape();
    for (int seed = 0; seed < 10; seed++) {
      int used = Arrays.stream(new Background.Lived(0.7).used(shape, new Random(seed))).sum();
      assertThat(used / (256 * 8.0)).as("seed %d", seed).isBetween(0.69, 0.71);
    }
  }

  @Test
  void everySecondNodeIsBusyAtAHalf() {
    int[] used = new Background.Even(0.5).used(NamedCluster.N256.shape(), new Random(1));

    assertThat(used).startsWith(0, 4, 0, 4).endsWith(0, 4);
  }
}
