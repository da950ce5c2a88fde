package dev.tandem.simulator.benchmark;

import dev.tandem.simulator.routing.CellResult;
import dev.tandem.simulator.routing.policy.PolicyName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The picture of the routing benchmark. */
final class RoutingPicture {
  private static final int LABELS = 270;
  private static final int PANEL = 330;

  /** Twice the best; what is beyond it is in the tables. */
  private static final double MOST_TIMES = 2;

  /**
   * Where the scale begins unless something is below, so that what is near the best is told apart.
   */
  private static final double LEAST_TIMES = 0.75;

  /** Colours by Okabe and Ito, which people with any colour vision can tell apart. */
  private static final Map<PolicyName, DotChart.Series> SERIES = new LinkedHashMap<>();

  static {
    add(PolicyName.TANDEM, "#0072b2", DotChart.Shape.DISC);
    add(PolicyName.MIN_TTFT_A2, "#009e73", DotChart.Shape.RING);
    add(PolicyName.MIN_TTFT_A4, "#56b4e9", DotChart.Shape.CROSS);
    add(PolicyName.DYNAMO_W2, "#cc79a7", DotChart.Shape.DIAMOND);
    add(PolicyName.GIE_P3_Q2_K2, "#d55e00", DotChart.Shape.TRIANGLE);
    add(PolicyName.LEAST_TOKENS, "#000000", DotChart.Shape.SQUARE);
    add(PolicyName.SGLANG_0_5_32_1_0001, "#e69f00", DotChart.Shape.PLUS);
  }

  private RoutingPicture() {}

  private static void add(PolicyName policy, String colour, DotChart.Shape shape) {
    SERIES.put(policy, new DotChart.Series(policy.label(), colour, shape));
  }

  /** A row a cell: mean time to first token in multiples of the best other's, and hits. */
  static String policies(Map<String, List<CellResult>> cases) {
    List<DotChart.Row> rows = new ArrayList<>();
    double least = MOST_TIMES;
    for (Map.Entry<String, List<CellResult>> one : cases.entrySet()) {
      double best = RoutingTables.bestOther(one.getValue()).ttftMean();
      double[] times = new double[SERIES.size()];
      double[] hits = new double[SERIES.size()];
      int i = 0;
      for (PolicyName policy : SERIES.keySet()) {
        CellResult result = RoutingTables.of(one.getValue(), policy);
        double ratio = result.ttftMean() / best;
        least = Math.min(least, ratio);
        times[i] = ratio > MOST_TIMES ? Double.NaN : ratio;
        hits[i++] = 100 * result.hit();
      }
      rows.add(
          new DotChart.Row(one.getKey(), new double[][] {times, hits}, new boolean[SERIES.size()]));
    }
    DotChart chart =
        new DotChart(
            "Time to first token and cache hits; beyond twice the best other is not drawn",
            LABELS,
            PANEL,
            List.copyOf(SERIES.values()),
            List.of(
                new DotChart.Panel(
                    "mean TTFT, times the best other's",
                    least < LEAST_TIMES ? 0 : LEAST_TIMES,
                    MOST_TIMES),
                new DotChart.Panel("prompt tokens from cache, %", 100)));
    rows.forEach(chart::row);
    return chart.svg();
  }
}
