package dev.tandem.simulator.benchmark;

import dev.tandem.simulator.routing.CellResult;
import dev.tandem.simulator.routing.policy.PolicyName;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The tables of the routing benchmark, as Markdown. */
final class RoutingTables {
  /** A mean above this says that queues only grew. */
  private static final double COLLAPSED_SECONDS = 100;

  private final StringBuilder text = new StringBuilder();

  String text() {
    return text.toString();
  }

  /** Ours next to the best of the others, cell by cell. */
  void verdicts(Map<String, List<CellResult>> cases) {
    heading("Ours next to the best of the others");
    row("cell", "tandem", "best other", "its mean", "ours / its", "ours / gie_p3_q2_k2");
    rule(6);
    cases.forEach((name, results) -> {
      CellResult ours = of(results, PolicyName.TANDEM);
      CellResult best = bestOther(results);
      double gie = of(results, PolicyName.GIE_P3_Q2_K2).ttftMean();
      row(
          name,
          number("%.3f s", ours.ttftMean()),
          best.policy(),
          number("%.3f s", best.ttftMean()),
          number("%.3f", ours.ttftMean() / best.ttftMean()),
          number("%.3f", ours.ttftMean() / gie));
    });
    text.append('\n');
  }

  /** Every policy in every cell of one trace. */
  void matrix(String trace, Map<String, List<CellResult>> cases) {
    heading("Every policy on " + trace + ": hit / mean / p99 s / imbalance");
    row("policy", cases.keySet().toArray(String[]::new));
    rule(1 + cases.size());
    int policies = cases.values().iterator().next().size();
    for (int i = 0; i < policies; i++) {
      int at = i;
      row(
          cases.values().iterator().next().get(at).policy(),
          cases.values().stream().map(results -> cell(results.get(at))).toArray(String[]::new));
    }
    text.append('\n');
  }

  private static String cell(CellResult result) {
    return result.ttftMean() > COLLAPSED_SECONDS
        ? number("%.1f %% / > 100 / > 100 / %.2f", 100 * result.hit(), result.imbalance())
        : number(
            "%.1f %% / %.3f / %.2f / %.2f",
            100 * result.hit(), result.ttftMean(), result.ttftP99(), result.imbalance());
  }

  /** Cases beyond the reference model, a row a case and policy. */
  void section(String title, Map<String, List<CellResult>> cases) {
    heading(title);
    row("case", "policy", "hit", "mean s", "p50", "p90", "p99", "token ms", "mean / tandem");
    rule(9);
    cases.forEach((name, results) -> {
      double ours = of(results, PolicyName.TANDEM).ttftMean();
      for (CellResult result : results) {
        Double token = result.tokenMean();
        row(
            name,
            result.policy(),
            number("%.1f %%", 100 * result.hit()),
            number("%.3f", result.ttftMean()),
            number("%.3f", result.ttftP50()),
            number("%.3f", result.ttftP90()),
            number("%.2f", result.ttftP99()),
            token == null ? "-" : number("%.1f", 1000 * token),
            number("%.3f", result.ttftMean() / ours));
      }
    });
    text.append('\n');
  }

  static CellResult bestOther(List<CellResult> results) {
    return results.stream()
        .filter(result -> !result.policy().equals(PolicyName.TANDEM.label()))
        .filter(result -> !PolicyName.parse(result.policy()).oracle())
        .min(Comparator.comparingDouble(CellResult::ttftMean))
        .orElseThrow();
  }

  static CellResult of(List<CellResult> results, PolicyName policy) {
    return results.stream()
        .filter(result -> result.policy().equals(policy.label()))
        .findFirst()
        .orElseThrow();
  }

  private void heading(String title) {
    text.append("### ").append(title).append("\n\n");
  }

  private void row(String first, String... others) {
    text.append("| ").append(first).append(" | ").append(String.join(" | ", others)).append(" |\n");
  }

  private void rule(int columns) {
    text.append("|---".repeat(columns)).append("|\n");
  }

  private static String number(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
