package dev.tandem.simulator.routing;

import dev.tandem.simulator.routing.fleet.EngineSpec;
import dev.tandem.simulator.routing.fleet.Fleet;
import dev.tandem.simulator.routing.fleet.FleetSpec;
import dev.tandem.simulator.routing.fleet.Hearsay;
import dev.tandem.simulator.routing.fleet.Outcomes;
import dev.tandem.simulator.routing.fleet.Pace;
import dev.tandem.simulator.routing.fleet.Router;
import dev.tandem.simulator.routing.policy.Knowledge;
import dev.tandem.simulator.routing.policy.PolicyName;
import dev.tandem.simulator.routing.policy.Truth;
import dev.tandem.simulator.routing.state.EngineLoads;
import dev.tandem.simulator.routing.trace.Trace;
import java.util.Arrays;
import java.util.function.DoubleSupplier;

/**
 * One run: a trace on a fleet.
 *
 * @param instances engines
 * @param cacheBlocks blocks an engine's cache holds
 * @param load share of the time engines would spend on prompts if nothing were ever cached
 * @param sessions sessions open at once; 0 where they begin at their own times
 * @param hearsay how routers know
 * @param seed of all that is drawn
 */
public record Cell(
    Trace trace,
    int instances,
    int cacheBlocks,
    double load,
    int sessions,
    Hearsay hearsay,
    long seed) {

  /** Runs it with a policy. */
  public CellResult run(PolicyName policy) {
    EngineSpec engine = EngineSpec.reference(cacheBlocks);
    Pace pace = Pace.at(load, trace, instances, engine, sessions);
    FleetSpec spec = new FleetSpec(instances, engine, pace, hearsay, seed);
    Fleet fleet = new Fleet(trace, spec, (truth, clock) -> router(policy, truth, clock));
    Outcomes outcomes = fleet.run();
    return result(policy, outcomes, fleet.busySeconds());
  }

  private Router router(PolicyName policy, Truth truth, DoubleSupplier clock) {
    EngineLoads loads = new EngineLoads(instances);
    Knowledge knowledge =
        new Knowledge(loads, cacheBlocks, trace.size(), trace.distinctBlocks(), truth, clock, seed);
    return new Router(loads, policy.policy(knowledge));
  }

  private CellResult result(PolicyName policy, Outcomes outcomes, double[] busySeconds) {
    int first = trace.size() / 5; // warm-up
    double[] seconds = new double[trace.size() - first];
    long hit = 0;
    long input = 0;
    for (int i = first; i < trace.size(); i++) {
      seconds[i - first] = outcomes.firstTokenSeconds(i);
      hit += outcomes.hitTokens(i);
      input += trace.request(i).inputTokens();
    }
    Arrays.sort(seconds);
    return new CellResult(
        policy.label(),
        trace.name(),
        instances,
        cacheBlocks,
        load,
        (double) hit / input,
        Arrays.stream(seconds).average().orElse(0),
        quantile(seconds, 0.5),
        quantile(seconds, 0.9),
        quantile(seconds, 0.99),
        Arrays.stream(busySeconds).max().orElse(0)
            / Arrays.stream(busySeconds).average().orElse(1));
  }

  /** The nearest rank of sorted values. */
  private static double quantile(double[] sorted, double share) {
    return sorted[Math.max(0, (int) Math.ceil(share * sorted.length) - 1)];
  }
}
