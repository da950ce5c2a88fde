package dev.tandem.simulator.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tandem.simulator.placement.NamedCluster;
import dev.tandem.simulator.routing.fleet.Faults;
import dev.tandem.simulator.routing.fleet.Hearsay;
import dev.tandem.simulator.routing.policy.PolicyName;
import dev.tandem.simulator.routing.trace.Trace;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CellTest {
  private static final Trace TRACE = Traces.shared(3, 800, 0.4, 6, 3, 12, 9);

  private static final Variation ROUGH =
      Variation.NONE.with(new Hearsay(4, 0.1, 0.05)).with(new Faults(120, 5, 0.3, 3)).inSteps(2048);

  private static final SplitPools POOLS = new SplitPools(NamedCluster.LARGE, 4, 4, 4, false, 2);

  @ParameterizedTest
  @EnumSource(PolicyName.class)
  void everyPolicyAnswersEveryRequestAndRepeatsToTheLastBit(PolicyName policy) {
    Variation variation = policy.routes(false) ? Variation.NONE : Variation.NONE.with(POOLS);
    Cell cell = new Cell(TRACE, 8, 100, 0.8, variation, 1);
    CellResult result = cell.run(policy);

    assertThat(result.ttftMean()).isPositive().isFinite();
    assertThat(result.hit()).isBetween(0.0, 1.0);
    assertThat(result.imbalance()).isBetween(1.0, 8.0);
    assertThat(cell.run(policy)).isEqualTo(result);
  }

  @ParameterizedTest
  @EnumSource(PolicyName.class)
  void soItDoesWhileEnginesRestartAndNewsIsOldOrLost(PolicyName policy) {
    Variation variation = policy.routes(false) ? ROUGH : ROUGH.with(POOLS);
    Cell cell = new Cell(TRACE, 8, 100, 0.5, variation, 7);
    CellResult result = cell.run(policy);

    assertThat(result.ttftMean()).isPositive().isFinite();
    assertThat(cell.run(policy)).isEqualTo(result);
  }

  @Test
  void aRestartCostsCache() {
    Cell calm = new Cell(TRACE, 8, 1000, 0.5, Variation.NONE, 1);
    Cell restarting =
        new Cell(TRACE, 8, 1000, 0.5, Variation.NONE.with(new Faults(60, 5, 0, 1)), 1);

    assertThat(restarting.run(PolicyName.TANDEM).hit())
        .isLessThan(calm.run(PolicyName.TANDEM).hit());
  }

  @Test
  void aLoadOfNothingIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Cell(TRACE, 8, 100, 0, Variation.NONE, 1).run(PolicyName.TANDEM))
        .withMessageContaining("load 0.0; accepted: above 0");
  }

  @Test
  void moreEnginesThanAClusterHasRoomForAreRefused() {
    Variation crowded =
        Variation.NONE.with(new SplitPools(NamedCluster.MEDIUM, 16, 16, 4, false, 2));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Cell(TRACE, 32, 100, 0.9, crowded, 1).run(PolicyName.TANDEM))
        .withMessageContaining("split 16x16; accepted: at least 1x1, and at most 16 engines");
  }
}
