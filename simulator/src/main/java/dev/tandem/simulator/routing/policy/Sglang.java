package dev.tandem.simulator.routing.policy;

import dev.tandem.simulator.routing.state.EngineLoads;
import dev.tandem.simulator.routing.state.Route;
import dev.tandem.simulator.routing.trace.Request;
import java.util.BitSet;
import java.util.Random;

/**
 * SGLang's cache_aware: fewest requests while the load is uneven; else any holder of the deepest
 * prefix if it is a large enough share of the prompt; else fewest requests, or the smallest tree.
 */
final class Sglang extends LeastCost {
  private final double threshold;
  private final int unevenBy;
  private final double unevenTimes;
  private final boolean smallestTree;
  private final PrefixTree tree;
  private final Random random;
  private final BitSet holders = new BitSet();
  private Rule rule = Rule.FEWEST_REQUESTS;

  private enum Rule {
    FEWEST_REQUESTS,
    DEEPEST,
    SMALLEST_TREE
  }

  Sglang(
      Knowledge knowledge,
      double threshold,
      int unevenBy,
      double unevenTimes,
      boolean smallestTree) {
    super(knowledge);
    this.threshold = threshold;
    this.unevenBy = unevenBy;
    this.unevenTimes = unevenTimes;
    this.smallestTree = smallestTree;
    this.tree = new PrefixTree(knowledge.engines(), knowledge.distinctBlocks());
    this.random = new Random(knowledge.seed());
  }

  @Override
  void begin(Request request) {
    EngineLoads loads = knowledge.loads();
    int least = Integer.MAX_VALUE;
    int most = 0;
    for (int engine = 0; engine < knowledge.engines(); engine++) {
      if (loads.up(engine)) {
        least = Math.min(least, loads.inFlight(engine));
        most = Math.max(most, loads.inFlight(engine));
      }
    }
    int depth = tree.deepest(request.blocks(), holders);
    if (most - least > unevenBy && most > unevenTimes * least) {
      rule = Rule.FEWEST_REQUESTS;
    } else if ((double) request.tokens(depth) / request.inputTokens() > threshold) {
      rule = Rule.DEEPEST;
    } else {
      rule = smallestTree ? Rule.SMALLEST_TREE : Rule.FEWEST_REQUESTS;
    }
  }

  @Override
  double cost(Request request, int engine) {
    return switch (rule) {
      case FEWEST_REQUESTS -> knowledge.loads().inFlight(engine);
      case DEEPEST -> random.nextDouble() + (holders.get(engine) ? 0 : 1);
      case SMALLEST_TREE -> tree.size(engine);
    };
  }

  @Override
  public void routed(Route route) {
    tree.routed(route);
  }

  @Override
  public void engine(int engine, boolean up) {
    tree.lost(engine);
  }
}
