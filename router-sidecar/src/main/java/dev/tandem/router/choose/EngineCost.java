package dev.tandem.router.choose;

import java.util.List;

/** What an engine costs by itself, in the policies users know from elsewhere. Stateless. */
final class EngineCost {

  // An engine counts as loaded with five requests waiting or four fifths of its cache in use
  // (llm-d-router's utilization detector).
  private static final double QUEUE_LOADED = 5;
  private static final double CACHE_LOADED = 0.8;

  private EngineCost() {}

  /** Requests on it. */
  static double[] requests(Demand demand, List<Candidate> engines) {
    double[] costs = new double[engines.size()];
    for (int i = 0; i < costs.length; i++) {
      costs[i] = engines.get(i).load().inFlight();
    }
    return costs;
  }

  /** How loaded it is by its queue or its cache, whichever says more. */
  static Separate.EngineCosts gpuLoad(Weights weights) {
    return (demand, engines) -> {
      double[] costs = new double[engines.size()];
      for (int i = 0; i < costs.length; i++) {
        Candidate engine = engines.get(i);
        costs[i] =
            Math.max(waiting(engine) / QUEUE_LOADED, cacheInUse(engine, weights) / CACHE_LOADED);
      }
      return costs;
    };
  }

  /**
   * The weighted scores of the Gateway API inference extension: 3 x the share of the prompt that is
   * cached, 2 x how short the queue is among all, 2 x how free the cache; as a cost.
   */
  static Separate.EngineCosts gie(Weights weights) {
    return (demand, engines) -> {
      double most = 0;
      double least = Double.POSITIVE_INFINITY;
      for (Candidate engine : engines) {
        most = Math.max(most, waiting(engine));
        least = Math.min(least, waiting(engine));
      }
      double[] costs = new double[engines.size()];
      for (int i = 0; i < costs.length; i++) {
        Candidate engine = engines.get(i);
        double match = Math.min(1, engine.cachedTokens() / (double) demand.inputTokens());
        double queue = most > least ? (most - waiting(engine)) / (most - least) : 1;
        costs[i] = -(3 * match + 2 * queue + 2 * (1 - cacheInUse(engine, weights)));
      }
      return costs;
    };
  }

  /** What the engine said may be old; what was sent it since counts at once. */
  private static double waiting(Candidate engine) {
    int sent = engine.load().pendingRequests();
    return engine.report() == null ? sent : Math.max(sent, engine.report().waiting());
  }

  /** Share of its cache in use; of its slots where it did not say. */
  private static double cacheInUse(Candidate engine, Weights weights) {
    return engine.report() == null
        ? Math.min(1, engine.load().decoding() / (double) weights.decodeSlots())
        : engine.report().kvUsage();
  }
}
