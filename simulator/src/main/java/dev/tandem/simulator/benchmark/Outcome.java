package dev.tandem.simulator.benchmark;

import dev.tandem.simulator.placement.Policy;
import dev.tandem.simulator.placement.Report;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * What one policy made of one case, over its seeds.
 *
 * @param policy who placed
 * @param reports one a seed, in the order of seeds
 */
record Outcome(Policy policy, List<Report> reports) {
  Outcome {
    reports = List.copyOf(reports);
  }

  double mean(ToDoubleFunction<Report> value) {
    return reports.stream().mapToDouble(value).average().orElse(Double.NaN);
  }

  /** The mean over the seeds that have the value; not a number where none has. */
  double meanOfKnown(Function<Report, @Nullable Double> value) {
    return reports.stream()
        .map(value)
        .filter(Objects::nonNull)
        .mapToDouble(Double::doubleValue)
        .average()
        .orElse(Double.NaN);
  }

  /** Mean predicted transfer in ms; not a number where no pair has a place. */
  double transferMillis() {
    return meanOfKnown(report -> report.result().meanTransferMillis());
  }

  double inDomainShare() {
    return mean(report -> (double) report.result().inNvlinkDomain() / report.result().groups());
  }

  double stuck() {
    return mean(report -> report.result().podsStuck());
  }
}
