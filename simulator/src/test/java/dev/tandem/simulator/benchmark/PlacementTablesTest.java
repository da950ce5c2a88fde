package dev.tandem.simulator.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.simulator.placement.Policy;
import dev.tandem.simulator.placement.Report;
import dev.tandem.simulator.placement.Result;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PlacementTablesTest {
  private static Outcome outcome(Policy policy, double millis, int complete, int stuck) {
    Result result =
        new Result(policy.label(), 8, 3, 2, complete, 1, 1, millis, 50.0, 0.25, 64, stuck, 0.1);
    return new Outcome(policy, List.of(new Report(result, 60.0, millis, 0.5, 0.7, 0.1, 0.2)));
  }

  private static String worse(Outcome ours, Outcome other) {
    PlacementTables tables = new PlacementTables();
    tables.worse(Map.of("a case", List.of(ours, other)), Map.of());
    return tables.text();
  }

  @Test
  void aSeedOnWhichAnotherPolicyIsBetterIsNamed() {
    assertThat(worse(outcome(Policy.TANDEM, 12, 2, 0), outcome(Policy.DEFAULT, 10, 2, 0)))
        .contains("| a case | default | 3 | 1.20 x |");
  }

  @Test
  void aPolicyThatLeavesPodsStuckIsNotCalledBetter() {
    assertThat(worse(outcome(Policy.TANDEM, 12, 2, 0), outcome(Policy.DEFAULT, 10, 1, 2)))
        .contains("| none | - | 0 | - |");
  }

  @Test
  void theMatrixHasAColumnAPolicyAndSaysWhereItsPodsAreStuck() {
    PlacementTables tables = new PlacementTables();
    tables.matrix(
        "All",
        Map.of(
            "a case",
            List.of(outcome(Policy.TANDEM, 5, 2, 0), outcome(Policy.REQUIRED_AFFINITY, 5, 1, 3))));

    assertThat(tables.text())
        .contains("| cluster, groups | tandem | required-affinity |")
        .contains("| a case, 2 | 5.00 · 50 % | 5.00 · 50 % · **3.0 stuck** |");
  }

  @Test
  void aFullTableHasTheMeanLinkBesideTheLeast() {
    PlacementTables tables = new PlacementTables();
    tables.fragmented(Map.of("a case", List.of(outcome(Policy.TANDEM, 5, 2, 0))));

    assertThat(tables.text())
        .contains("| mean link, GB/s | least link, GB/s |")
        .contains("| 60.0 | 50.0 |");
  }
}
