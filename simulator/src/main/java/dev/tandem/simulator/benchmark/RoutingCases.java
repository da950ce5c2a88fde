package dev.tandem.simulator.benchmark;

import dev.tandem.simulator.benchmark.RoutingRuns.Case;
import dev.tandem.simulator.benchmark.RoutingRuns.Section;
import dev.tandem.simulator.placement.NamedCluster;
import dev.tandem.simulator.routing.Cell;
import dev.tandem.simulator.routing.SplitPools;
import dev.tandem.simulator.routing.Variation;
import dev.tandem.simulator.routing.fleet.Faults;
import dev.tandem.simulator.routing.fleet.Hearsay;
import dev.tandem.simulator.routing.policy.PolicyName;
import dev.tandem.simulator.routing.trace.Trace;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The cases of the routing benchmark: every part on every trace. */
final class RoutingCases {
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

  RoutingCases(List<Trace> traces) {
    this.traces = List.copyOf(traces);
  }

  /** Every policy on the reference model; a case's name begins with its trace's and a comma. */
  Section reference() {
    record Size(int cacheBlocks, double load) {}
    Map<String, Case> cases = new LinkedHashMap<>();
    for (Trace trace : traces) {
      for (Size size : List.of(new Size(1000, 0.5), new Size(1000, 0.9), new Size(4000, 0.9))) {
        for (int engines : new int[] {8, 32}) {
          String name =
              "%s, N=%d C=%d load %.1f"
                  .formatted(trace.name(), engines, size.cacheBlocks(), size.load());
          Cell cell =
              new Cell(trace, engines, size.cacheBlocks(), size.load(), Variation.NONE, SEED);
          cases.put(name, new Case(cell, PolicyName.all(false)));
        }
      }
    }
    return new Section("Reference model", cases);
  }

  /** What is beyond the reference model. */
  List<Section> beyond() {
    return List.of(split(), steps(), hearsay(), faults());
  }

  private Section split() {
    Map<String, Case> cases = new LinkedHashMap<>();
    for (Trace trace : traces) {
      for (boolean equal : new boolean[] {false, true}) {
        for (NamedCluster cluster : List.of(NamedCluster.LARGE, NamedCluster.NVL72)) {
          SplitPools pools = new SplitPools(cluster, POOL, POOL, 4, equal, 2);
          Cell cell = cell(trace, 2 * POOL, Variation.NONE.with(pools).inSteps(STEP_TOKENS));
          cases.put(
              trace.name() + ", " + cluster.label() + (equal ? ", equal links" : ""),
              new Case(cell, PolicyName.all(true)));
        }
      }
    }
    return new Section("Split pools, " + POOL + " prefill and " + POOL + " decode engines", cases);
  }

  private Section steps() {
    Map<String, Case> cases = new LinkedHashMap<>();
    for (Trace trace : traces) {
      Cell cell = cell(trace, 8, Variation.NONE.inSteps(STEP_TOKENS));
      cases.put(trace.name(), new Case(cell, STRONGEST));
    }
    return new Section("Engines that work in steps of 2,048 tokens, 8 engines", cases);
  }

  private Section hearsay() {
    record News(String name, Hearsay hearsay) {}
    Map<String, Case> cases = new LinkedHashMap<>();
    for (Trace trace : traces) {
      for (News news :
          List.of(
              new News("one router that knows all", Hearsay.NONE),
              new News("32 routers, 20 ms", new Hearsay(ROUTERS, 0.020, 0)),
              new News("32 routers, 50 ms", new Hearsay(ROUTERS, 0.050, 0)),
              new News("32 routers, 50 ms, 1 % lost", new Hearsay(ROUTERS, 0.050, 0.01)),
              new News("32 routers, 200 ms", new Hearsay(ROUTERS, 0.200, 0)))) {
        Cell cell = cell(trace, 32, Variation.NONE.with(news.hearsay()));
        cases.put(trace.name() + ", " + news.name(), new Case(cell, List.of(PolicyName.TANDEM)));
      }
    }
    return new Section("Many routers on old news, 32 engines", cases);
  }

  private Section faults() {
    Map<String, Case> cases = new LinkedHashMap<>();
    for (Trace trace : traces) {
      cases.put(
          trace.name() + ", each restarts every 10 minutes",
          new Case(cell(trace, 8, Variation.NONE.with(new Faults(600, 30, 0, 1))), STRONGEST));
      cases.put(
          trace.name() + ", a fifth of the time at half speed",
          new Case(cell(trace, 8, Variation.NONE.with(new Faults(0, 0, 0.2, 2))), STRONGEST));
    }
    return new Section("Engines that restart and slow down, 8 engines", cases);
  }

  private static Cell cell(Trace trace, int engines, Variation variation) {
    return new Cell(trace, engines, 1000, 0.9, variation, SEED);
  }
}
