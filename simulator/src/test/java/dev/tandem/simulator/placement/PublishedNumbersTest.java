package dev.tandem.simulator.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * The simulator against what was measured with a real kube-scheduler 1.36 on the fragmented
 * cluster, and the planner's promises there.
 */
class PublishedNumbersTest {
  private static final int SEEDS = 10;

  private static List<Report> runs(Scenario scenario, Policy policy) {
    return IntStream.rangeClosed(1, SEEDS)
        .mapToObj(seed -> Runs.run(scenario, policy, seed))
        .toList();
  }

  private static double mean(List<Report> reports, ToDoubleFunction<Report> value) {
    return reports.stream().mapToDouble(value).average().orElseThrow();
  }

  @Test
  void theDefaultSchedulerCompletesAllGroupsAndAboutSevenInOneDomain() {
    List<Report> reports = runs(Runs.fragmented(), Policy.DEFAULT);

    assertThat(reports).allMatch(report -> report.result().groupsComplete() == 30);
    assertThat(mean(reports, report -> report.result().inNvlinkDomain())).isBetween(5.0, 9.0);
    assertThat(mean(reports, Runs::millis)).isCloseTo(36.9, within(5.0));
  }

  @Test
  void requiredAffinityCompletesSixteenGroupsAndLeavesTwentyEightPodsStuck() {
    List<Report> reports = runs(Runs.fragmented(), Policy.REQUIRED_AFFINITY);

    assertThat(mean(reports, report -> report.result().groupsComplete())).isBetween(14.5, 17.5);
    assertThat(mean(reports, report -> report.result().podsStuck())).isCloseTo(28, within(3.0));
    assertThat(mean(reports, Runs::millis)).isCloseTo(5.03, within(0.01));
  }

  @Test
  void oursCompletesAllGroupsInOneDomainOnEverySeed() {
    for (Report report : runs(Runs.fragmented(), Policy.TANDEM)) {
      assertThat(report.result().groupsComplete()).as("%s", report).isEqualTo(30);
      assertThat(report.result().inNvlinkDomain()).as("%s", report).isGreaterThanOrEqualTo(29);
      assertThat(Runs.millis(report)).as("%s", report).isCloseTo(5.03, within(0.1));
    }
  }

  @Test
  void oursKeepsGroupsWholeWhenSixteenClientsCreateThemAtOnce() {
    Scenario scenario =
        Runs.scenario(
            NamedCluster.N1000.shape(), new Background.Even(0), Workload.of(2, 2, 4), 200, 16);

    Report report = Runs.run(scenario, Policy.TANDEM, 1);

    assertThat(report.result().groupsComplete()).isEqualTo(200);
    assertThat(report.result().inNvlinkDomain()).isGreaterThanOrEqualTo(195);
  }
}
