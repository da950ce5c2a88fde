package dev.tandem.cli.replay;

import dev.tandem.cli.report.Ink;
import dev.tandem.cli.report.Table;
import dev.tandem.extender.record.Damage;
import dev.tandem.extender.record.Difference;
import dev.tandem.extender.record.Durations;
import dev.tandem.extender.record.SegmentResult;
import dev.tandem.extender.record.Summary;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A table of the first differences and a summary, for people. */
final class ReplayText implements ReplayReport {
  private static final int WIDTH = 150;
  private static final int DAMAGES_SHOWN = 10;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("MM-dd HH:mm:ss.SSS", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final PrintWriter out;
  private final int shown;
  private final Ink ink;
  private final List<Difference> differences = new ArrayList<>();
  private final List<Damage> damages = new ArrayList<>();

  /**
   * @param shown most differences in the table
   */
  ReplayText(PrintWriter out, int shown, Ink ink) {
    this.out = out;
    this.shown = shown;
    this.ink = ink;
  }

  @Override
  public void segment(SegmentResult result) {
    result.differences().stream()
        .limit(Math.max(0, shown - differences.size()))
        .forEach(differences::add);
    result.damages().stream()
        .limit(Math.max(0, DAMAGES_SHOWN - damages.size()))
        .forEach(damages::add);
  }

  @Override
  public void summary(Summary summary, double seconds, int threads) {
    damages.forEach(damage -> out.println("passed over: " + damage));
    if (summary.damaged() > damages.size()) {
      out.printf(
          Locale.ROOT, "passed over: %,d more, see --json%n", summary.damaged() - damages.size());
    }
    if (!differences.isEmpty()) {
      out.print(table());
      if (summary.different() > differences.size()) {
        out.printf(
            Locale.ROOT,
            "and %,d more: --differences N shows more, --json tells all%n",
            summary.different() - differences.size());
      }
    }
    out.printf(
        Locale.ROOT,
        "%,d calls in %d %s: %,d the same, %,d different (%,d better, %,d worse, %,d as good)%n",
        summary.calls(),
        summary.segments(),
        summary.segments() == 1 ? "segment" : "segments",
        summary.same(),
        summary.different(),
        summary.better(),
        summary.worse(),
        summary.asGood());
    if (summary.skipped() > 0) {
      out.printf(Locale.ROOT, "%,d calls not asked, for damaged lines%n", summary.skipped());
    }
    out.printf(
        Locale.ROOT,
        "time a call: p50 %s, p99 %s; when it was recorded: p50 %s, p99 %s%n",
        millis(summary.nanos(), 0.5),
        millis(summary.nanos(), 0.99),
        millis(summary.recordedNanos(), 0.5),
        millis(summary.recordedNanos(), 0.99));
    out.printf(
        Locale.ROOT,
        "%.1f s on %d %s, %,.0f calls a second%n",
        seconds,
        threads,
        threads == 1 ? "thread" : "threads",
        summary.calls() / Math.max(seconds, 1e-9));
  }

  private String table() {
    Table table =
        new Table("TIME (UTC)", "POD", "CALL", "WAS", ">MS", "NOW", ">MS", "IS", "WHY NOW");
    for (Difference difference : differences) {
      table.row(
          TIME.format(Instant.ofEpochMilli(difference.at())),
          difference.pod(),
          difference.verb(),
          node(difference.before()),
          worth(difference.before(), difference.beforeToday()),
          node(difference.now()),
          worth(difference.now(), null),
          verdict(difference),
          why(difference));
    }
    return table.text(WIDTH, ink);
  }

  private static String node(Difference.Side side) {
    return side.node() == null ? "(" + side.outcome() + ")" : side.node();
  }

  private static String worth(Difference.Side side, @Nullable Double today) {
    Double seconds = today == null ? side.seconds() : today;
    if (seconds != null) {
      return String.format(Locale.ROOT, "%.2f", seconds * 1e3);
    }
    return side.score() == null ? "" : "score " + side.score();
  }

  private static String verdict(Difference difference) {
    String word = difference.kind().label();
    return difference.afterDamage() ? word + "?" : word;
  }

  private static String why(Difference difference) {
    if (difference.now().reason().isEmpty()) {
      return difference.otherNodes() + " nodes score differently";
    }
    boolean sameNode =
        difference.now().node() != null
            && difference.now().node().equals(difference.before().node());
    return sameNode && difference.otherNodes() > 0
        ? "the list differs in " + difference.otherNodes() + " other nodes"
        : difference.now().reason();
  }

  private static String millis(Durations durations, double share) {
    return String.format(Locale.ROOT, "%.2f ms", durations.quantile(share) / 1e6);
  }
}
