package dev.tandem.cli.simulate;

import dev.tandem.simulator.placement.Report;
import dev.tandem.simulator.placement.Result;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Results for people: one line a policy and seed, columns aligned. */
final class ResultsTable {
  private static final String HEAD = "%-20s %6s %9s %10s %8s %11s %12s %8s %8s %11s %6s %9s%n";
  private static final String ROW =
      "%-20s %6d %9s %10d %8d %11s %12s %7.1f%% %7.1f%% %11d %6d %9.3f%n";

  private ResultsTable() {}

  static String head() {
    return String.format(
        Locale.ROOT,
        HEAD,
        "POLICY",
        "SEED",
        "COMPLETE",
        "IN DOMAIN",
        "IN LEAF",
        "TRANSFER",
        "LEAST LINK",
        "BY SPINE",
        "GPUS",
        "FREE BLOCK",
        "STUCK",
        "MS/POD");
  }

  static String row(Report report) {
    Result result = report.result();
    return String.format(
        Locale.ROOT,
        ROW,
        result.policy(),
        result.seed(),
        result.groupsComplete() + "/" + result.groups(),
        result.inNvlinkDomain(),
        result.inLeaf(),
        number("%.3f ms", result.meanTransferMillis()),
        number("%.1f GB/s", result.minBandwidthGigabytesPerSecond()),
        100 * result.spineShare(),
        100 * report.gpuAllocation(),
        result.largestFreeBlock(),
        result.podsStuck(),
        result.millisPerPod());
  }

  private static String number(String format, @Nullable Double value) {
    return value == null ? "-" : String.format(Locale.ROOT, format, value);
  }
}
