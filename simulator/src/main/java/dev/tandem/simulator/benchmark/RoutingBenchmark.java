package dev.tandem.simulator.benchmark;

import dev.tandem.simulator.routing.CellResult;
import dev.tandem.simulator.routing.trace.Trace;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Runs every case of the routing benchmark and draws its page. Pure: every figure repeats. */
public final class RoutingBenchmark {
  private final List<Trace> traces;
  private final Consumer<String> progress;

  /**
   * A benchmark.
   *
   * @param traces what comes
   * @param progress hears of every run that is done, in one line; never of two at once
   */
  public RoutingBenchmark(List<Trace> traces, Consumer<String> progress) {
    this.traces = List.copyOf(traces);
    this.progress = progress;
  }

  /** Runs it all, on every processor. */
  public Page run() {
    RoutingCases cases = new RoutingCases(traces);
    RoutingRuns.Section reference = cases.reference();
    List<RoutingRuns.Section> beyond = cases.beyond();
    int all = reference.runs() + beyond.stream().mapToInt(RoutingRuns.Section::runs).sum();
    RoutingRuns runs = new RoutingRuns(all, progress);

    RoutingTables tables = new RoutingTables();
    Map<String, List<CellResult>> known = runs.run(reference);
    tables.verdicts(known);
    for (Trace trace : traces) {
      tables.matrix(trace.name(), ofTrace(known, trace.name()));
    }
    for (RoutingRuns.Section section : beyond) {
      tables.section(section.title(), runs.run(section));
    }
    return new Page(tables.text(), Map.of("routing-policies.svg", RoutingPicture.policies(known)));
  }

  private static Map<String, List<CellResult>> ofTrace(
      Map<String, List<CellResult>> cases, String trace) {
    Map<String, List<CellResult>> own = new LinkedHashMap<>();
    cases.forEach((name, results) -> {
      if (results.getFirst().trace().equals(trace)) {
        own.put(name.substring(trace.length() + 2), results);
      }
    });
    return own;
  }
}
