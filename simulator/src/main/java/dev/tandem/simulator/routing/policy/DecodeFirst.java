package dev.tandem.simulator.routing.policy;

import dev.tandem.api.LocalityPath;
import dev.tandem.simulator.routing.state.EngineLoads;
import dev.tandem.simulator.routing.state.Route;
import dev.tandem.simulator.routing.state.Sites;
import dev.tandem.simulator.routing.trace.Request;

/**
 * llm-d-router's split pools with its topology scorer: the decode engine first, by the default
 * weights (prefix 3, queue 2, cache 2), then the prefill engine by those of its topology sample
 * (prefix 2, queue 1, topology 1), where sharing a host scores 1, a rack 0.20 and a zone 0.05. A
 * leaf switch is a rack.
 */
final class DecodeFirst implements RoutingPolicy {
  private static final double SAME_HOST = 1;
  private static final double SAME_RACK = 0.20;
  private static final double SAME_ZONE = 0.05;

  private final Knowledge knowledge;
  private final EngineLoads loads;
  private final Sites sites;
  private final RoutedBlocks index;

  DecodeFirst(Knowledge knowledge) {
    this.knowledge = knowledge;
    this.loads = knowledge.loads();
    this.sites = knowledge.split();
    this.index = new RoutedBlocks(knowledge.engines(), knowledge.cacheBlocks());
  }

  @FunctionalInterface
  private interface Score {
    double of(int engine);
  }

  @Override
  public Route choose(Request request, double at) {
    int[] blocks = request.blocks();
    int first = sites.prefill();
    int decode =
        best(first, loads.engines(), engine -> 3 * matched(engine, blocks) + 2 * room(engine), 2);
    int prefill =
        best(0, first, engine -> 2 * matched(engine, blocks) + affinity(engine, decode), 1);
    int uncached = request.inputTokens() - request.tokens(index.leading(prefill, blocks));
    return new Route(request, prefill, decode, uncached, at);
  }

  /** The most points, with so many for the shortest queue; the lowest index among equals. */
  private int best(int from, int to, Score score, double queueWeight) {
    int least = Integer.MAX_VALUE;
    int most = 0;
    for (int engine = from; engine < to; engine++) {
      least = Math.min(least, loads.waiting(engine));
      most = Math.max(most, loads.waiting(engine));
    }
    int best = from;
    double points = Double.NEGATIVE_INFINITY;
    for (int engine = from; engine < to; engine++) {
      double queue = most == least ? 1 : (double) (most - loads.waiting(engine)) / (most - least);
      double all = score.of(engine) + queueWeight * queue;
      if (loads.up(engine) && all > points) {
        best = engine;
        points = all;
      }
    }
    return best;
  }

  private double matched(int engine, int[] blocks) {
    return blocks.length == 0 ? 0 : (double) index.leading(engine, blocks) / blocks.length;
  }

  private double room(int engine) {
    return 1 - Math.min(1, (double) loads.activeBlocks(engine) / knowledge.cacheBlocks());
  }

  private double affinity(int engine, int decode) {
    double affinity = 0;
    for (LocalityPath.Step step :
        sites.places().get(engine).sharedWith(sites.places().get(decode))) {
      affinity =
          Math.max(
              affinity,
              switch (step.level()) {
                case "node" -> SAME_HOST;
                case "leaf" -> SAME_RACK;
                case "zone" -> SAME_ZONE;
                default -> 0;
              });
    }
    return affinity;
  }

  @Override
  public void routed(Route route) {
    index.routed(route);
  }

  @Override
  public void engine(int engine, boolean up) {
    index.lost(engine);
  }
}
