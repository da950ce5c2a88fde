package dev.tandem.cli.simulate;

import dev.tandem.simulator.routing.CellResult;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Routing results for people: one line a cell and policy, columns aligned. */
final class RoutingTable {
  private static final String HEAD = "%-22s %-14s %5s %6s %5s %7s %9s %9s %9s %9s %9s %8s%n";
  private static final String ROW =
      "%-22s %-14s %5d %6d %5.2f %6.1f%% %9.3f %9.3f %9.3f %9.3f %9.2f %8s%n";

  private RoutingTable() {}

  static String head() {
    return String.format(
        Locale.ROOT,
        HEAD,
        "POLICY",
        "TRACE",
        "N",
        "CACHE",
        "LOAD",
        "HIT",
        "TTFT s",
        "P50",
        "P90",
        "P99",
        "IMBALANCE",
        "TOKEN ms");
  }

  static String row(CellResult result) {
    return String.format(
        Locale.ROOT,
        ROW,
        result.policy(),
        result.trace(),
        result.instances(),
        result.cacheBlocks(),
        result.load(),
        100 * result.hit(),
        result.ttftMean(),
        result.ttftP50(),
        result.ttftP90(),
        result.ttftP99(),
        result.imbalance(),
        millis(result.tokenMean()));
  }

  private static String millis(@Nullable Double seconds) {
    return seconds == null ? "-" : String.format(Locale.ROOT, "%.1f", 1000 * seconds);
  }
}
