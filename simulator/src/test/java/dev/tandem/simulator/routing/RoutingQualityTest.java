package dev.tandem.simulator.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.simulator.placement.NamedCluster;
import dev.tandem.simulator.routing.fleet.Hearsay;
import dev.tandem.simulator.routing.policy.PolicyName;
import dev.tandem.simulator.routing.trace.BadTrace;
import dev.tandem.simulator.routing.trace.Trace;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The product's promises on the public traces. The strongest of the other policies stand for all of
 * them here; the benchmark runs every one.
 */
class RoutingQualityTest {
  private static final List<PolicyName> STRONGEST =
      List.of(PolicyName.MIN_TTFT_A1, PolicyName.MIN_TTFT_A2, PolicyName.MIN_TTFT_A4);

  private static Trace trace(String name) throws BadTrace {
    return name.equals("conversation") ? Traces.conversation() : Traces.toollike();
  }

  private static double mean(Cell cell, PolicyName policy) {
    return cell.run(policy).ttftMean();
  }

  @ParameterizedTest
  @CsvSource({
    "conversation, 8, 1000",
    "conversation, 32, 1000",
    "conversation, 8, 4000",
    "toollike, 8, 1000",
    "toollike, 32, 1000",
    "toollike, 8, 4000",
  })
  void atHighLoadNoneIsMoreThanTwoPerCentBetter(String name, int instances, int cacheBlocks)
      throws BadTrace {
    Cell cell = new Cell(trace(name), instances, cacheBlocks, 0.9, Variation.NONE, 1);
    double best = STRONGEST.stream().mapToDouble(policy -> mean(cell, policy)).min().orElseThrow();

    assertThat(mean(cell, PolicyName.TANDEM)).isLessThanOrEqualTo(1.02 * best);
  }

  @ParameterizedTest
  @CsvSource({"conversation, 8", "conversation, 32", "toollike, 8", "toollike, 32"})
  void atHalfLoadItIsNotAboveGie(String name, int instances) throws BadTrace {
    Cell cell = new Cell(trace(name), instances, 1000, 0.5, Variation.NONE, 1);

    assertThat(mean(cell, PolicyName.TANDEM))
        .isLessThanOrEqualTo(mean(cell, PolicyName.GIE_P3_Q2_K2));
  }

  @ParameterizedTest
  @EnumSource(
      value = NamedCluster.class,
      names = {"LARGE", "NVL72"})
  void pairsChosenTogetherBeatDecodeFirst(NamedCluster cluster) throws BadTrace {
    Variation split = Variation.NONE.with(new SplitPools(cluster, 16, 16, 4, false, 2));
    Cell cell = new Cell(Traces.conversation(), 32, 1000, 0.9, split, 1);

    assertThat(mean(cell, PolicyName.TANDEM))
        .isLessThan(0.85 * mean(cell, PolicyName.DECODE_FIRST_LABELS));
  }

  @ParameterizedTest
  @EnumSource(
      value = NamedCluster.class,
      names = {"LARGE", "NVL72"})
  void whereAllLinksAreEqualItIsAsGoodAsByLoadAlone(NamedCluster cluster) throws BadTrace {
    Variation split = Variation.NONE.with(new SplitPools(cluster, 16, 16, 4, true, 2));
    Cell cell = new Cell(Traces.conversation(), 32, 1000, 0.9, split, 1);

    assertThat(mean(cell, PolicyName.TANDEM))
        .isLessThan(1.02 * mean(cell, PolicyName.TANDEM_LOAD_ONLY));
  }

  @ParameterizedTest
  @CsvSource({"conversation", "toollike"})
  void manyRoutersOnOldNewsAreNearlyAsGoodAsOne(String name) throws BadTrace {
    Trace trace = trace(name);
    Variation apart = Variation.NONE.with(new Hearsay(32, 0.050, 0));
    double one = mean(new Cell(trace, 32, 1000, 0.9, Variation.NONE, 1), PolicyName.TANDEM);
    double many = mean(new Cell(trace, 32, 1000, 0.9, apart, 1), PolicyName.TANDEM);

    assertThat(many).isLessThan(1.10 * one);
  }
}
