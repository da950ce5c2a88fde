package dev.tandem.simulator.routing;

import dev.tandem.simulator.routing.fleet.EngineSpec;
import dev.tandem.simulator.routing.fleet.Fleet;
import dev.tandem.simulator.routing.fleet.FleetSpec;
import dev.tandem.simulator.routing.fleet.Outcomes;
import dev.tandem.simulator.routing.fleet.Pace;
import dev.tandem.simulator.routing.fleet.Router;
import dev.tandem.simulator.routing.policy.Knowledge;
import dev.tandem.simulator.routing.policy.PolicyName;
import dev.tandem.simulator.routing.policy.Truth;
import dev.tandem.simulator.routing.state.EngineLoads;
import dev.tandem.simulator.routing.state.Sites;
import dev.tandem.simulator.routing.trace.Trace;
import java.util.Arrays;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One run to be made: a trace on a fleet.
 *
 * @param trace what comes
 * @param instances engines; of split pools, both kinds together
 * @param cacheBlocks blocks an engine's cache holds
 * @param load share of the time engines that compute prompts would spend on them if nothing were
 *     ever cached
 * @param variation what differs from the reference model
 * @param seed of all that is drawn
 */
public record Cell(
    Trace trace, int instances, int cacheBlocks, double load, Variation variation, long seed) {

  public Cell {
    if (instances < 1 || instances > FleetSpec.MOST_ENGINES) {
      throw new IllegalArgumentException(
          "instances " + instances + "; accepted: 1 to " + FleetSpec.MOST_ENGINES);
    }
  }

  /**
   * Runs it with a policy.
   *
   * @throws IllegalArgumentException if a value is out of its range, saying which is accepted
   */
  public CellResult run(PolicyName policy) {
    EngineSpec engine = EngineSpec.reference(cacheBlocks);
    SplitPools pools = variation.split();
    Sites sites = pools == null ? null : pools.sites(seed);
    int computing = pools == null ? instances : pools.prefill();
    FleetSpec spec =
        new FleetSpec(
            instances,
            engine,
            variation.stepTokens(),
            Pace.at(load, trace, computing, engine, variation.sessions()),
            variation.hearsay(),
            variation.faults(),
            sites,
            seed);
    Fleet fleet =
        new Fleet(
            trace, spec, (truth, clock, number) -> router(policy, truth, clock, sites, number));
    Outcomes outcomes = fleet.run();
    double[] busy = Arrays.copyOf(fleet.busySeconds(), computing);
    return result(policy, outcomes, busy, fleet.tokenSeconds());
  }

  private Router router(
      PolicyName policy, Truth truth, DoubleSupplier clock, @Nullable Sites sites, int number) {
    EngineLoads loads = new EngineLoads(instances);
    Knowledge knowledge =
        new Knowledge(
            loads, cacheBlocks, trace.distinctBlocks(), truth, clock, sites, number, seed);
    return new Router(loads, policy.policy(knowledge));
  }

  private CellResult result(
      PolicyName policy, Outcomes outcomes, double[] busySeconds, double tokenSeconds) {
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
        Arrays.stream(busySeconds).max().orElse(0) / Arrays.stream(busySeconds).average().orElse(1),
        variation.stepTokens() == 0 ? null : tokenSeconds);
  }

  /** The nearest rank of sorted values. */
  private static double quantile(double[] sorted, double share) {
    return sorted[Math.max(0, (int) Math.ceil(share * sorted.length) - 1)];
  }
}
