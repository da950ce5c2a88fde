package dev.tandem.cli.bench;

import java.io.PrintWriter;
import java.util.Locale;

/** What {@code bench scheduling} found, for people. */
final class SchedulingTable {
  /** The least share of the other set-ups' speed that ours is to keep. */
  private static final double OF_CUT = 0.90;

  private static final double OF_NONE = 0.85;
  private static final double OF_GROUPS = 0.975;

  private final PrintWriter out;

  SchedulingTable(PrintWriter out) {
    this.out = out;
  }

  void print(SchedulingSize size) {
    line("%n%,d nodes; median (least - most) of %d rounds", size.nodes(), rounds(size));
    line("  %-22s %-26s %-18s %s", "", "pods bound a second", "in one domain", "extender ms/pod");
    for (SchedulingSetup setup : SchedulingSetup.values()) {
      line(
          "  %-22s %-26s %-18s %.2f",
          label(setup),
          size.speed(setup).text("%.1f"),
          fewestInDomain(size, setup) + " of " + groups(size),
          median(size, setup));
    }
    ratio("ours / cut", size.ratioTo(SchedulingSetup.CUT), OF_CUT);
    ratio("ours / none", size.ratioTo(SchedulingSetup.NONE), OF_NONE);
    int fewest = fewestInDomain(size, SchedulingSetup.OURS);
    line(
        "  %-22s %d of %d: %s",
        "fewest in one domain",
        fewest,
        groups(size),
        verdict(
            fewest >= OF_GROUPS * groups(size), "at least " + (int) (OF_GROUPS * groups(size))));
    latency("filter, asked by it", size.filter());
    latency("prioritize, asked by it", size.prioritize());
    latency("filter, alone", size.single().filter());
    latency("prioritize, alone", size.single().prioritize());
    line(
        "  first call %.2f ms: %s; longest after a label changed %.2f ms",
        size.single().firstCall(),
        verdict(
            size.single().firstCall() <= 3 * size.single().filter().p99(),
            "at most 3 x the warm p99"),
        size.single().afterLabelChange());
    SchedulingSize.Full full = size.full();
    if (full != null) {
      line(
          "  with %,d pods bound: resident %d MiB idle, %d MiB after a round (%s); %.1f pods/s",
          full.pods(),
          full.residentMebibytes(),
          full.residentAfterRound(),
          verdict(full.residentAfterRound() < 488, "under 488 MiB = 512 MB"),
          full.round().found().podsPerSecond());
    }
    out.flush();
  }

  private void ratio(String name, Spread ratio, double bar) {
    line(
        "  %-22s %s: %s",
        name,
        ratio.text("%.2f"),
        verdict(ratio.median() >= bar, String.format(Locale.ROOT, "at least %.2f", bar)));
  }

  private void latency(String name, SchedulingSize.Latency latency) {
    line("  %-24s p50 <= %.2f ms, p99 <= %.2f ms", name, latency.p50(), latency.p99());
  }

  private static String verdict(boolean held, String bar) {
    return (held ? "holds " : "MISSES ") + "(" + bar + ")";
  }

  private static String label(SchedulingSetup setup) {
    return switch (setup) {
      case NONE -> "no extender";
      case CUT -> "cuts the list to 32";
      case OURS -> "ours";
    };
  }

  private static int rounds(SchedulingSize size) {
    return size.rounds().stream().mapToInt(SchedulingRound::round).max().orElse(0);
  }

  private static int groups(SchedulingSize size) {
    return size.rounds().getFirst().found().groups();
  }

  private static int fewestInDomain(SchedulingSize size, SchedulingSetup setup) {
    return size.rounds().stream()
        .filter(round -> round.setup() == setup)
        .mapToInt(round -> round.found().groupsInNvlinkDomain())
        .min()
        .orElse(0);
  }

  private static double median(SchedulingSize size, SchedulingSetup setup) {
    return Spread.of(
            size.rounds().stream()
                .filter(round -> round.setup() == setup)
                .mapToDouble(SchedulingRound::extenderMillisAPod)
                .toArray())
        .median();
  }

  private void line(String format, Object... values) {
    out.println(String.format(Locale.ROOT, format, values));
  }
}
