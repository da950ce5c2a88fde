package dev.tandem.simulator.benchmark;

import dev.tandem.simulator.placement.Policy;
import dev.tandem.simulator.placement.Report;
import java.util.List;
import java.util.Objects;
import java.util.function.ToDoubleFunction;

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

  /** Mean predicted transfer in ms; not a number where no pair has a place. */
  double transferMillis() {
    return reports.stream()
        .map(report -> report.result().meanTransferMillis())
        .filter(Objects::nonNull)
        .mapToDouble(Double::doubleValue)
        .average()
        .orElse(Double.NaN);
  }

  double leastLink() {
    return reports.stream()
        .map(report -> report.result().minBandwidthGigabytesPerSecond())
        .filter(Objects::nonNull)
        .mapToDouble(Double::doubleValue)
        .average()
        .orElse(Double.NaN);
  }

  double inDomainShare() {
    return mean(report -> (double) report.result().inNvlinkDomain() / report.result().groups());
  }

  double stuck() {
    return mean(report -> report.result().podsStuck());
  }
}
