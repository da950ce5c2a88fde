package dev.tandem.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.cli.controlplane.SchedulingLoad;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class SchedulingSizeTest {
  private static final SchedulingSize.Latency QUICK = new SchedulingSize.Latency(1, 2);

  @Test
  void theMedianOfAnEvenNumberLiesBetweenTheMiddleTwo() {
    assertThat(Spread.of(new double[] {4, 1, 2, 9})).isEqualTo(new Spread(3, 1, 9));
    assertThat(Spread.of(new double[] {9, 1, 4})).isEqualTo(new Spread(4, 1, 9));
  }

  @Test
  void nothingHasNoMedian() {
    assertThatThrownBy(() -> Spread.of(new double[0])).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aRatioIsTakenBetweenRunsOfTheSameRoundWhateverTheirOrder() {
    SchedulingSize size =
        size(
            round(1, SchedulingSetup.CUT, 100, 0),
            round(1, SchedulingSetup.OURS, 50, 200),
            round(2, SchedulingSetup.OURS, 30, 200),
            round(2, SchedulingSetup.CUT, 30, 0),
            round(3, SchedulingSetup.CUT, 10, 0),
            round(3, SchedulingSetup.OURS, 8, 200));

    assertThat(size.ratioTo(SchedulingSetup.CUT)).isEqualTo(new Spread(0.8, 0.5, 1));
  }

  @Test
  void theTableSaysWhichPromiseIsMissed() {
    StringWriter text = new StringWriter();

    new SchedulingTable(new PrintWriter(text))
        .print(
            size(
                round(1, SchedulingSetup.NONE, 100, 0),
                round(1, SchedulingSetup.CUT, 100, 0),
                round(1, SchedulingSetup.OURS, 86, 194)));

    assertThat(text.toString())
        .contains("ours / cut             0.86 (0.86 - 0.86): MISSES (at least 0.90)")
        .contains("ours / none            0.86 (0.86 - 0.86): holds (at least 0.85)")
        .contains("194 of 200: MISSES (at least 195)");
  }

  @Test
  void onlyOurSetupAsksForScores() {
    URI extender = URI.create("http://127.0.0.1:1");

    assertThat(SchedulingSetup.NONE.configuration(extender).has("extenders")).isFalse();
    assertThat(SchedulingSetup.CUT.configuration(extender).at("/extenders/0/filterVerb").asText())
        .isEqualTo("filter");
    assertThat(SchedulingSetup.CUT.configuration(extender).at("/extenders/0").has("prioritizeVerb"))
        .isFalse();
    assertThat(SchedulingSetup.OURS.configuration(extender).at("/extenders/0/weight").asInt())
        .isEqualTo(150);
  }

  private static SchedulingSize size(SchedulingRound... rounds) {
    return new SchedulingSize(
        1_000,
        new ArrayList<>(List.of(rounds)),
        QUICK,
        QUICK,
        new SchedulingSize.Single(3, QUICK, QUICK, 4),
        null);
  }

  private static SchedulingRound round(
      int round, SchedulingSetup setup, double podsPerSecond, int inDomain) {
    SchedulingLoad.Report found =
        new SchedulingLoad.Report(
            800, 800, 1, podsPerSecond, Map.of(), 200, 200, inDomain, 200, Map.of(), List.of());
    return new SchedulingRound(round, setup, found, 0.5);
  }
}
