package dev.tandem.cli.report;

import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The report as text for a person: where the pods are and why, then ours beside the baseline. */
public final class ReportTable {

  private final UpReport report;
  private final int width;
  private final Ink ink;

  /**
   * @param width columns of the terminal
   */
  public ReportTable(UpReport report, int width, Ink ink) {
    this.report = report;
    this.width = width;
    this.ink = ink;
  }

  /** The whole text, ended by a line break. */
  public String text() {
    return "\n"
        + ink.bold("Where the pods are")
        + "  "
        + report.setting().cluster()
        + "\n"
        + placements()
        + "\n"
        + ink.bold("Ours beside the baseline")
        + "  "
        + report.setting().traffic()
        + ", "
        + number(report.setting().speedUp(), 0)
        + " times as fast as life\n"
        + comparison()
        + ink.dim(
            "Times are in modelled seconds (real ones x the speed-up). Transfers are predicted for the"
                + " mean prompt of "
                + "%,d".formatted(report.setting().meanPromptTokens())
                + " tokens on idle links.\nBaseline: default scheduler, round-robin routers, same"
                + " cluster, same requests.")
        + "\n"
        + verdict();
  }

  private String placements() {
    Table table = new Table("group", "pod", "role", "node", "place", ">transfer", "why there");
    String before = null;
    for (PodPlace place : report.tandem().placements()) {
      String group = place.group() == null ? "-" : place.group();
      if (before != null && !before.equals(group)) {
        table.rule();
      }
      Double millis =
          place.meanTransferMillis(
              report.tandem().placements(), report.setting().meanPromptTokens());
      table.row(
          group.equals(before) ? "" : group,
          place.pod(),
          place.role().label(),
          place.node(),
          place.nvlinkDomain() == null ? "no NVLink" : "NVLink " + place.nvlinkDomain(),
          millis == null ? "-" : number(millis, 1) + " ms",
          place.reason());
      before = group;
    }
    return table.text(width, ink);
  }

  private String comparison() {
    RunReport ours = report.tandem();
    RunReport theirs = report.baseline();
    Table table = new Table("", ">Tandem", ">baseline", ">ratio");
    table.row("groups complete", complete(ours), complete(theirs), "");
    table.row("groups in one NVLink domain", near(ours), near(theirs), "");
    row(table, "mean transfer P to D (ms)", transfer(ours), transfer(theirs), 1);
    table.rule();
    table.row("requests", count(ours.requests().count()), count(theirs.requests().count()), "");
    table.row("errors", count(ours.requests().errors()), count(theirs.requests().errors()), "");
    table.row(
        "served by a P/D pair",
        count(ours.requests().split()),
        count(theirs.requests().split()),
        "");
    table.row(
        "prompt tokens from cache",
        number(100 * ours.requests().hitRatio(), 1) + " %",
        number(100 * theirs.requests().hitRatio(), 1) + " %",
        "");
    table.rule();
    RequestSummary.Ttft our = ours.requests().ttftMillis();
    RequestSummary.Ttft their = theirs.requests().ttftMillis();
    row(
        table,
        "time to first token, mean (s)",
        our == null ? null : our.mean() / 1000,
        their == null ? null : their.mean() / 1000,
        2);
    row(
        table,
        "time to first token, p50 (s)",
        our == null ? null : our.p50() / 1000,
        their == null ? null : their.p50() / 1000,
        2);
    row(
        table,
        "time to first token, p99 (s)",
        our == null ? null : our.p99() / 1000,
        their == null ? null : their.p99() / 1000,
        2);
    return table.text(width, ink);
  }

  private static void row(
      Table table, String title, @Nullable Double ours, @Nullable Double theirs, int digits) {
    table.row(
        title,
        ours == null ? "-" : number(ours, digits),
        theirs == null ? "-" : number(theirs, digits),
        ours == null || theirs == null || theirs == 0 ? "" : number(ours / theirs, 2) + " x");
  }

  private String verdict() {
    RunReport ours = report.tandem();
    if (ours.good()) {
      return ink.good("✓ every group complete, every request served") + "\n";
    }
    return ink.bad(
            "✗ "
                + complete(ours)
                + " groups complete, "
                + ours.requests().errors()
                + " requests failed")
        + "\n";
  }

  private static String complete(RunReport run) {
    return run.groups().stream().filter(GroupPlace::complete).count()
        + " of "
        + run.groups().size();
  }

  private static String near(RunReport run) {
    return run.groups().stream().filter(GroupPlace::sameNvlinkDomain).count()
        + " of "
        + run.groups().size();
  }

  private static @Nullable Double transfer(RunReport run) {
    double[] known =
        run.groups().stream()
            .map(GroupPlace::meanTransferMillis)
            .filter(Objects::nonNull)
            .mapToDouble(Double::doubleValue)
            .toArray();
    return known.length == 0 ? null : Arrays.stream(known).average().orElseThrow();
  }

  private static String count(int number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  private static String number(double value, int digits) {
    return String.format(Locale.ROOT, "%,." + digits + "f", value);
  }
}
