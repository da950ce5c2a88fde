package dev.tandem.simulator.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.simulator.routing.policy.PolicyName;
import dev.tandem.simulator.routing.trace.Trace;
import org.junit.jupiter.api.Test;

/** Shapes of traffic that bring naive routers down. */
class TrapTest {
  /** Five sixths of the tokens are shared: at five times the engines' speed they are busy. */
  private static final double BUSY = 5;

  private static CellResult run(Trace trace, double load, PolicyName policy) {
    return new Cell(trace, 8, 1000, load, Variation.NONE, 1).run(policy);
  }

  @Test
  void aFirstBlockThatAllShareSendsNothingToOnePod() {
    Trace trace = Traces.shared(1, 4000, 1, 1);

    assertThat(run(trace, 0.9, PolicyName.CHASH_K1).imbalance()).isGreaterThan(7.9);
    assertThat(run(trace, 0.9, PolicyName.PRODSTACK_PREFIXAWARE).imbalance()).isGreaterThan(7.9);
    CellResult ours = run(trace, 0.9, PolicyName.TANDEM);
    assertThat(ours.imbalance()).isLessThan(1.1);
    assertThat(ours.ttftMean())
        .isLessThanOrEqualTo(run(trace, 0.9, PolicyName.LEAST_TOKENS).ttftMean());
  }

  @Test
  void aHotPrefixIsReplicatedAsFarAsItsLoadNeeds() {
    Trace trace = Traces.shared(2, 6000, 0.7, 24, 24, 24, 24, 24, 24);

    // A holder of its prefix for each: seven tenths of the work on one pod of eight.
    assertThat(run(trace, BUSY, PolicyName.CHASH_K2).imbalance()).isGreaterThan(4);
    CellResult ours = run(trace, BUSY, PolicyName.TANDEM);
    assertThat(ours.imbalance()).isLessThan(1.5);
    // All prefixes fit everywhere, so balance alone is best; nothing else tells a router so.
    assertThat(ours.ttftMean())
        .isLessThan(1.1 * run(trace, BUSY, PolicyName.LEAST_TOKENS).ttftMean());
    assertThat(ours.ttftMean()).isLessThan(run(trace, BUSY, PolicyName.SESSION_STICKY).ttftMean());
  }
}
