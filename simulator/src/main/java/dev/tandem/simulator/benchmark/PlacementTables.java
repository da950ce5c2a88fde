package dev.tandem.simulator.benchmark;

import dev.tandem.simulator.placement.Policy;
import dev.tandem.simulator.placement.Report;
import dev.tandem.simulator.placement.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The benchmark's tables as Markdown, appended one after the other. One thread. */
final class PlacementTables {
  /** Differences below this share are rounding. */
  private static final double ROUNDING = 1e-6;

  private final StringBuilder text = new StringBuilder();

  void fragmented(Map<String, List<Outcome>> cases) {
    cases.forEach((name, outcomes) -> full("Fragmented cluster, " + name, outcomes));
  }

  void interleaved(Map<String, List<Outcome>> cases) {
    cases.forEach((name, outcomes) ->
        full("1,000 empty nodes, 200 groups of 2P+2D x 4 GPUs, " + name, outcomes));
  }

  private void full(String title, List<Outcome> outcomes) {
    title(title);
    head(
        "policy",
        "groups complete",
        "in one domain",
        "below one leaf",
        "transfer, ms",
        "mean of all pairs, ms",
        "mean link, GB/s",
        "least link, GB/s",
        "leaves the domain",
        "crosses the spine",
        "largest free block, GPUs",
        "GPUs in use",
        "pods stuck");
    for (Outcome outcome : outcomes) {
      Result first = outcome.reports().getFirst().result();
      row(
          outcome.policy().label(),
          number("%.1f", outcome.mean(r -> r.result().groupsComplete())) + " / " + first.groups(),
          number("%.1f", outcome.mean(r -> r.result().inNvlinkDomain())),
          number("%.1f", outcome.mean(r -> r.result().inLeaf())),
          number("%.1f", outcome.transferMillis()),
          number("%.1f", outcome.meanOfKnown(Report::meanOfAllPairsMillis)),
          number("%.1f", outcome.meanOfKnown(Report::meanBandwidthGigabytesPerSecond)),
          number("%.1f", outcome.meanOfKnown(r -> r.result().minBandwidthGigabytesPerSecond())),
          percent(outcome.mean(Report::leafShare)),
          percent(outcome.mean(r -> r.result().spineShare())),
          number("%.0f", outcome.mean(r -> r.result().largestFreeBlock())),
          percent(outcome.mean(Report::gpuAllocation)),
          number("%.1f", outcome.stuck()));
    }
    text.append('\n');
  }

  /** One row a case, one column a policy: transfer, share of groups in one domain, pods stuck. */
  void matrix(String title, Map<String, List<Outcome>> cases) {
    title(title);
    text.append(
        "Mean transfer in ms · groups in one NVLink domain · pods stuck, where any are.\n\n");
    List<String> columns = new ArrayList<>(List.of("cluster, groups"));
    List<Outcome> any = cases.values().iterator().next();
    any.forEach(outcome -> columns.add(outcome.policy().label()));
    head(columns.toArray(String[]::new));
    cases.forEach((name, outcomes) -> {
      List<String> cells = new ArrayList<>();
      cells.add(name + ", " + outcomes.getFirst().reports().getFirst().result().groups());
      for (Outcome outcome : outcomes) {
        String stuck = outcome.stuck() > 0 ? number(" · **%.1f stuck**", outcome.stuck()) : "";
        cells.add(
            number("%.2f", outcome.transferMillis())
                + " · "
                + percent(outcome.inDomainShare())
                + stuck);
      }
      row(cells.toArray(String[]::new));
    });
    text.append('\n');
  }

  /** Ours beside the optimum, seed by seed. */
  void small(Map<String, List<Outcome>> cases) {
    title("Against the exhaustive optimum");
    text.append("1P+2D x 4 GPUs at 30 % allocation, seeds on which all groups can be placed.\n\n");
    head(
        "cluster",
        "optimum, ms",
        "ours, ms",
        "mean ratio",
        "worst ratio",
        "seeds beyond 2 %",
        "default, ms",
        "greedy-gang, ms");
    cases.forEach((name, outcomes) -> {
      List<Report> best = of(outcomes, Policy.OPTIMUM).reports();
      List<Report> ours = of(outcomes, Policy.TANDEM).reports();
      double sum = 0;
      double worst = 0;
      int beyond = 0;
      int counted = 0;
      for (int seed = 0; seed < best.size(); seed++) {
        double ratio =
            orNan(ours.get(seed).result().meanTransferMillis())
                / orNan(best.get(seed).result().meanTransferMillis());
        Result optimum = best.get(seed).result();
        if (Double.isNaN(ratio) || optimum.groupsComplete() < optimum.groups()) {
          continue; // not all groups can be placed, so means are over different groups
        }
        counted++;
        sum += ratio;
        worst = Math.max(worst, ratio);
        beyond += ratio > 1.02 ? 1 : 0;
      }
      if (counted == 0) {
        return; // never room for all
      }
      row(
          name,
          number("%.2f", of(outcomes, Policy.OPTIMUM).transferMillis()),
          number("%.2f", of(outcomes, Policy.TANDEM).transferMillis()),
          number("%.3f", sum / counted),
          number("%.3f", worst),
          beyond + " of " + counted,
          number("%.2f", of(outcomes, Policy.DEFAULT).transferMillis()),
          number("%.2f", of(outcomes, Policy.GREEDY_GANG).transferMillis()));
    });
    text.append('\n');
  }

  /** Seeds on which another policy has a lower transfer with no more pods stuck. */
  void worse(Map<String, List<Outcome>> clusters, Map<String, List<Outcome>> workloads) {
    title("Where another policy has the lower transfer");
    text.append(
        "Seeds on which it does, with no more pods stuck and no fewer groups complete; by how much"
            + " at worst.\n\n");
    head("case", "policy", "seeds", "worst");
    int rows = text.length();
    clusters.forEach(this::worse);
    workloads.forEach(this::worse);
    if (text.length() == rows) {
      row("none", "-", "0", "-");
    }
    text.append('\n');
  }

  private void worse(String name, List<Outcome> outcomes) {
    List<Report> ours = of(outcomes, Policy.TANDEM).reports();
    for (Outcome other : outcomes) {
      List<String> seeds = new ArrayList<>();
      double worst = 1;
      for (int seed = 0; seed < ours.size(); seed++) {
        Result mine = ours.get(seed).result();
        Result theirs = other.reports().get(seed).result();
        double ratio = orNan(mine.meanTransferMillis()) / orNan(theirs.meanTransferMillis());
        if (ratio > 1 + ROUNDING
            && theirs.podsStuck() <= mine.podsStuck()
            && theirs.groupsComplete() >= mine.groupsComplete()) {
          seeds.add(Long.toString(mine.seed()));
          worst = Math.max(worst, ratio);
        }
      }
      if (!seeds.isEmpty()) {
        row(
            name,
            other.policy().label(),
            seeds.stream().collect(Collectors.joining(", ")),
            number("%.2f x", worst));
      }
    }
  }

  void decisionTimes(Map<String, List<Outcome>> clusters) {
    title("Time of a decision");
    text.append(
        "The planner alone, one thread, ms; a measured value, so it differs from run to run.\n\n");
    head("cluster", "p50", "p99", "mean", "mean of greedy-gang");
    clusters.forEach((name, outcomes) -> {
      Outcome ours = of(outcomes, Policy.TANDEM);
      if (ours.reports().getFirst().result().nodes() >= 72) {
        row(
            name,
            number("%.3f", ours.mean(Report::medianMillis)),
            number("%.3f", ours.mean(Report::slowMillis)),
            number("%.3f", ours.mean(r -> r.result().millisPerPod())),
            number("%.3f", of(outcomes, Policy.GREEDY_GANG).mean(r -> r.result().millisPerPod())));
      }
    });
    text.append('\n');
  }

  String text() {
    return text.toString();
  }

  static Outcome of(List<Outcome> outcomes, Policy policy) {
    return outcomes.stream()
        .filter(outcome -> outcome.policy() == policy)
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("not run: " + policy.label()));
  }

  private void title(String title) {
    text.append("### ").append(title).append("\n\n");
  }

  private void head(String... cells) {
    row(cells);
    text.append("|---".repeat(cells.length)).append("|\n");
  }

  private void row(String... cells) {
    text.append("| ").append(String.join(" | ", cells)).append(" |\n");
  }

  private static double orNan(@Nullable Double value) {
    return value == null ? Double.NaN : value;
  }

  private static String percent(double share) {
    return number("%.0f %%", share * 100);
  }

  private static String number(String format, double value) {
    return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, format, value);
  }
}
