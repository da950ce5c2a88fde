package dev.tandem.simulator.benchmark;

import dev.tandem.simulator.placement.Policy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** The benchmark's pictures. */
final class PlacementPictures {
  private static final int LABELS = 205;

  private PlacementPictures() {}

  /** Colours by Okabe and Ito, which people with any colour vision can tell apart. */
  private static DotChart.Series series(Policy policy) {
    return switch (policy) {
      case TANDEM -> new DotChart.Series("tandem", "#0072b2", DotChart.Shape.DISC);
      case DEFAULT -> new DotChart.Series("default", "#000000", DotChart.Shape.SQUARE);
      case DEFAULT_RANDOM_TIES ->
          new DotChart.Series("default-random-ties", "#777777", DotChart.Shape.BAR);
      case MOST_ALLOCATED -> new DotChart.Series("most-allocated", "#e69f00", DotChart.Shape.PLUS);
      case REQUIRED_AFFINITY ->
          new DotChart.Series("required-affinity", "#d55e00", DotChart.Shape.TRIANGLE);
      case PREFERRED_AFFINITY ->
          new DotChart.Series("preferred-affinity", "#cc79a7", DotChart.Shape.DIAMOND);
      case RANDOM -> new DotChart.Series("random", "#56b4e9", DotChart.Shape.CROSS);
      case GREEDY_GANG -> new DotChart.Series("greedy-gang", "#009e73", DotChart.Shape.RING);
      case OPTIMUM -> new DotChart.Series("optimum", "#333333", DotChart.Shape.BAR);
    };
  }

  /** Two panels: transfer, and the share of groups in one domain. Hollow: pods are stuck. */
  static String matrix(Map<String, List<Outcome>> cases) {
    double most = 0;
    for (List<Outcome> outcomes : cases.values()) {
      for (Outcome outcome : outcomes) {
        most = Math.max(most, zero(outcome.transferMillis()));
      }
    }
    return chart(
        "Mean over the seeds; hollow marks left pods without a node",
        cases,
        List.of(
            new DotChart.Panel("predicted transfer of a 6,909-token prompt, ms", ceiling(most)),
            new DotChart.Panel("groups complete in one NVLink domain, %", 100)),
        List.of(Outcome::transferMillis, outcome -> 100 * outcome.inDomainShare()),
        340);
  }

  /** Three panels on the cluster a real scheduler was measured on: a row a policy. */
  static String fragmented(Map<String, List<Outcome>> cases) {
    List<List<Outcome>> shown =
        List.of(called(cases, "16 clients, line rate"), called(cases, "2 clients, line rate"));
    double mostStuck = 0;
    for (List<Outcome> outcomes : shown) {
      for (Outcome outcome : outcomes) {
        mostStuck = Math.max(mostStuck, outcome.stuck());
      }
    }
    DotChart chart =
        new DotChart(
            "Fragmented cluster: 256 nodes, every second half filled, 30 groups of 2P+2D x 8 GPUs",
            LABELS,
            250,
            List.of(
                new DotChart.Series("16 clients", "#d55e00", DotChart.Shape.DIAMOND),
                new DotChart.Series("2 clients", "#0072b2", DotChart.Shape.DISC)),
            List.of(
                new DotChart.Panel("predicted transfer, ms", 100),
                new DotChart.Panel("groups in one domain, of 30", 30),
                new DotChart.Panel("pods stuck, of 120", ceiling(mostStuck))));
    for (int policy = 0; policy < shown.getFirst().size(); policy++) {
      double[][] values = new double[3][shown.size()];
      for (int s = 0; s < shown.size(); s++) {
        Outcome outcome = shown.get(s).get(policy);
        values[0][s] = outcome.transferMillis();
        values[1][s] = outcome.mean(report -> report.result().inNvlinkDomain());
        values[2][s] = outcome.stuck();
      }
      String label = shown.getFirst().get(policy).policy().label();
      chart.row(new DotChart.Row(label, values, new boolean[shown.size()]));
    }
    return chart.svg();
  }

  private static List<Outcome> called(Map<String, List<Outcome>> cases, String name) {
    List<Outcome> outcomes = cases.get(name);
    if (outcomes == null) {
      throw new IllegalArgumentException("no case " + name);
    }
    return outcomes;
  }

  private static String chart(
      String title,
      Map<String, List<Outcome>> cases,
      List<DotChart.Panel> panels,
      List<ToDoubleFunction<Outcome>> values,
      int panelWidth) {
    List<Outcome> any = cases.values().iterator().next();
    DotChart chart =
        new DotChart(
            title,
            LABELS,
            panelWidth,
            any.stream().map(outcome -> series(outcome.policy())).toList(),
            panels);
    cases.forEach((name, outcomes) -> {
      List<double[]> rows = new ArrayList<>();
      for (ToDoubleFunction<Outcome> value : values) {
        rows.add(outcomes.stream().mapToDouble(value).toArray());
      }
      boolean[] faint = new boolean[outcomes.size()];
      for (int i = 0; i < faint.length; i++) {
        faint[i] = outcomes.get(i).stuck() > 0;
      }
      chart.row(new DotChart.Row(name, rows.toArray(double[][]::new), faint));
    });
    return chart.svg();
  }

  private static double zero(double value) {
    return Double.isNaN(value) ? 0 : value;
  }

  /** The next of 1, 2 and 5 times a power of ten, so that the ticks are round. */
  private static double ceiling(double value) {
    double power = Math.pow(10, Math.floor(Math.log10(Math.max(1, value))));
    return Arrays.stream(new double[] {1, 2, 5, 10})
        .map(step -> step * power)
        .filter(limit -> limit >= value)
        .findFirst()
        .orElse(value);
  }
}
