package dev.tandem.simulator.benchmark;

import dev.tandem.simulator.routing.CellResult;
import dev.tandem.simulator.routing.policy.PolicyName;
import java.util.List;
import java.util.Map;

/** The picture of the routing benchmark. */
final class RoutingPicture {
  private static final int LABELS = 270;
  private static final int PANEL = 330;

  /** Twice the best; what is beyond it is in the tables. */
  private static final double MOST_TIMES = 2;

  /** Colours by Okabe and Ito, which people with any colour vision can tell apart. Ours on top. */
  private static final Map<PolicyName, DotChart.Series> SERIES = new java.util.LinkedHashMap<>();

  static {
    add(PolicyName.SGLANG_0_5_32_1_0001, "#e69f00", DotChart.Shape.PLUS);
    add(PolicyName.LEAST_TOKENS, "#000000", DotChart.Shape.SQUARE);
    add(PolicyName.GIE_P3_Q2_K2, "#d55e00", DotChart.Shape.TRIANGLE);
    add(PolicyName.DYNAMO_W2, "#cc79a7", DotChart.Shape.DIAMOND);
    add(PolicyName.MIN_TTFT_A4, "#56b4e9", DotChart.Shape.CROSS);
    add(PolicyName.MIN_TTFT_A2, "#009e73", DotChart.Shape.RING);
    add(PolicyName.TANDEM, "#0072b2", DotChart.Shape.DISC);
  }

  private RoutingPicture() {}

  private static void add(PolicyName policy, String colour, DotChart.Shape shape) {
    SERIES.put(policy, new DotChart.Series(policy.label(), colour, shape));
  }

  /** A row a cell: mean time to first token in multiples of the best other's, and hits. */
  static String policies(Map<String, List<CellResult>> cases) {
    DotChart chart =
        new DotChart(
            "Time to first token and cache hits; beyond twice the best other is not drawn",
            LABELS,
            PANEL,
            List.copyOf(SERIES.values()),
            List.of(
                new DotChart.Panel("mean TTFT, times the best other's", MOST_TIMES),
                new DotChart.Panel("prompt tokens from cache, %", 100)));
    cases.forEach((name, results) -> {
      double best = RoutingTables.bestOther(results).ttftMean();
      double[] times = new double[SERIES.size()];
      double[] hits = new double[SERIES.size()];
      int i = 0;
      for (PolicyName policy : SERIES.keySet()) {
        CellResult result = RoutingTables.of(results, policy);
        double ratio = result.ttftMean() / best;
        times[i] = ratio > MOST_TIMES ? Double.NaN : ratio;
        hits[i++] = 100 * result.hit();
      }
      chart.row(new DotChart.Row(name, new double[][] {times, hits}, new boolean[SERIES.size()]));
    });
    return chart.svg();
  }
}
