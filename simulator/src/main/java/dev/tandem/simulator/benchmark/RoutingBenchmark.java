package dev.tandem.simulator.benchmark;

import dev.tandem.simulator.placement.NamedCluster;
import dev.tandem.simulator.routing.Cell;
import dev.tandem.simulator.routing.CellResult;
import dev.tandem.simulator.routing.SplitPools;
import dev.tandem.simulator.routing.Variation;
import dev.tandem.simulator.routing.fleet.Faults;
import dev.tandem.simulator.routing.fleet.Hearsay;
import dev.tandem.simulator.routing.policy.PolicyName;
import dev.tandem.simulator.routing.trace.Trace;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Runs every case of the routing benchmark and draws its page. Pure: every figure repeats. */
public final class RoutingBenchmark {
  private static final int SEED = 1;
  private static final int STEP_TOKENS = 2048;
  private static final int ROUTERS = 32;
  private static final int POOL = 16;

  /** Those worth comparing where a case takes long: the strongest, and the one users have. */
  private static final List<PolicyName> STRONGEST =
      List.of(
          PolicyName.TANDEM,
          PolicyName.MIN_TTFT_A1,
          PolicyName.MIN_TTFT_A2,
          PolicyName.MIN_TTFT_A4,
          PolicyName.DYNAMO_W2,
          PolicyName.GIE_P3_Q2_K2,
          PolicyName.LEAST_TOKENS);

  private final List<Trace> traces;
  private final Consumer<String> progress;

  /**
   * A benchmark.
   *
   * @param traces what comes
   * @param progress hears of every case that begins, in one line
   */
  public RoutingBenchmark(List<Trace> traces, Consumer<String> progress) {
    this.traces = List.copyOf(traces);
    this.progress = progress;
  }

  /** Runs it all. */
  public Page run() {
    RoutingTables tables = new RoutingTables();
    Map<String, List<CellResult>> reference = reference();
    tables.verdicts(reference);
    for (Trace trace : traces) {
      tables.matrix(trace.name(), ofTrace(reference, trace.name()));
    }
    tables.section("Split pools, " + POOL + " prefill and " + POOL + " decode engines", split());
    tables.section("Engines that work in steps of 2,048 tokens, 8 engines", steps());
    tables.section("Many routers on old news, 32 engines", hearsay());
    tables.section("Engines that restart and slow down, 8 engines", faults());
    return new Page(
        tables.text(), Map.of("routing-policies.svg", RoutingPicture.policies(reference)));
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

  private Map<String, List<CellResult>> reference() {
    record Size(int cacheBlocks, double load) {}
    Map<String, List<CellResult>> cases = new LinkedHashMap<>();
    for (Trace trace : traces) {
      for (Size size : List.of(new Size(1000, 0.5), new Size(1000, 0.9), new Size(4000, 0.9))) {
        for (int engines : new int[] {8, 32}) {
          String name =
              "%s, N=%d C=%d load %.1f"
                  .formatted(trace.name(), engines, size.cacheBlocks(), size.load());
          Cell cell =
              new Cell(trace, engines, size.cacheBlocks(), size.load(), Variation.NONE, SEED);
          cases.put(name, run(name, cell, PolicyName.all(false)));
        }
      }
    }
    return cases;
  }

  private Map<String, List<CellResult>> split() {
    Map<String, List<CellResult>> cases = new LinkedHashMap<>();
    for (Trace trace : traces) {
      for (boolean equal : new boolean[] {false, true}) {
        for (NamedCluster cluster : List.of(NamedCluster.LARGE, NamedCluster.NVL72)) {
          SplitPools pools = new SplitPools(cluster, POOL, POOL, 4, equal, 2);
          String name = trace.name() + ", " + cluster.label() + (equal ? ", equal links" : "");
          Cell cell = cell(trace, 2 * POOL, Variation.NONE.with(pools).inSteps(STEP_TOKENS));
          cases.put(name, run(name, cell, PolicyName.all(true)));
        }
      }
    }
    return cases;
  }

  private Map<String, List<CellResult>> steps() {
    Map<String, List<CellResult>> cases = new LinkedHashMap<>();
    for (Trace trace : traces) {
      Cell cell = cell(trace, 8, Variation.NONE.inSteps(STEP_TOKENS));
      cases.put(trace.name(), run("steps, " + trace.name(), cell, STRONGEST));
    }
    return cases;
  }

  private Map<String, List<CellResult>> hearsay() {
    record News(String name, Hearsay hearsay) {}
    Map<String, List<CellResult>> cases = new LinkedHashMap<>();
    for (Trace trace : traces) {
      for (News news :
          List.of(
              new News("one router that knows all", Hearsay.NONE),
              new News("32 routers, 20 ms", new Hearsay(ROUTERS, 0.020, 0)),
              new News("32 routers, 50 ms", new Hearsay(ROUTERS, 0.050, 0)),
              new News("32 routers, 50 ms, 1 % lost", new Hearsay(ROUTERS, 0.050, 0.01)),
              new News("32 routers, 200 ms", new Hearsay(ROUTERS, 0.200, 0)))) {
        String name = trace.name() + ", " + news.name();
        Cell cell = cell(trace, 32, Variation.NONE.with(news.hearsay()));
        cases.put(name, run(name, cell, List.of(PolicyName.TANDEM)));
      }
    }
    return cases;
  }

  private Map<String, List<CellResult>> faults() {
    Map<String, List<CellResult>> cases = new LinkedHashMap<>();
    for (Trace trace : traces) {
      cases.put(
          trace.name() + ", each restarts every 10 minutes",
          run(
              "restarts, " + trace.name(),
              cell(trace, 8, Variation.NONE.with(new Faults(600, 30, 0, 1))),
              STRONGEST));
      cases.put(
          trace.name() + ", a fifth of the time at half speed",
          run(
              "slow engines, " + trace.name(),
              cell(trace, 8, Variation.NONE.with(new Faults(0, 0, 0.2, 2))),
              STRONGEST));
    }
    return cases;
  }

  private static Cell cell(Trace trace, int engines, Variation variation) {
    return new Cell(trace, engines, 1000, 0.9, variation, SEED);
  }

  private List<CellResult> run(String name, Cell cell, List<PolicyName> policies) {
    progress.accept(name);
    List<CellResult> results = new ArrayList<>();
    for (PolicyName policy : policies) {
      results.add(cell.run(policy));
    }
    return results;
  }
}
