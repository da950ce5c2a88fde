package dev.tandem.router.choose;

import java.util.List;

/**
 * Requests that begin alike to the same engine, by consistent hashing with bounded loads: an engine
 * with {@value #MOST_LOAD} times the mean number of requests or more is passed over. The key is the
 * prompt up to its first block that is not hot, see {@link HotPrefixes}: where all prompts begin
 * with the same instructions, these tell nothing about who belongs together. A prompt shorter than
 * a block goes where fewest requests are. Remembers which beginnings are hot.
 */
final class PrefixHash implements Preference {

  /** KubeAI's mean load factor. */
  private static final double MOST_LOAD = 1.25;

  private final HotPrefixes hot = new HotPrefixes();
  private final Separate separate = new Separate(this::costs);

  @Override
  public void predict(Demand demand, Ways ways) {
    separate.predict(demand, ways);
  }

  @Override
  public int pick(Demand demand, Ways ways) {
    hot.count(demand.blocks(), Math.max(ways.alone().size(), ways.prefill().size()));
    return separate.pick(demand, ways);
  }

  private double[] costs(Demand demand, List<Candidate> engines) {
    if (demand.blocks().length == 0) {
      return EngineCost.requests(demand, engines);
    }
    double[] costs = Rendezvous.turns(hot.key(demand.blocks(), engines.size()), engines);
    long inFlight = 0;
    for (Candidate engine : engines) {
      inFlight += engine.load().inFlight();
    }
    double bound = Math.ceil(MOST_LOAD * (inFlight + 1) / engines.size());
    for (int i = 0; i < costs.length; i++) {
      costs[i] += engines.get(i).load().inFlight() >= bound ? 1 : 0;
    }
    return costs;
  }
}
