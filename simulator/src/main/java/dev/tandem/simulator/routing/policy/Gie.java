package dev.tandem.simulator.routing.policy;

import dev.tandem.simulator.routing.state.Route;
import dev.tandem.simulator.routing.trace.Request;

/**
 * The endpoint picker of the Gateway API Inference Extension: the most of weighted scores for the
 * matched prefix, the queue next to the others', and the room in the cache.
 */
final class Gie extends LeastCost {
  private final double prefixWeight;
  private final double queueWeight;
  private final double cacheWeight;
  private final boolean exact;
  private final RoutedBlocks index;
  private int leastWaiting;
  private int mostWaiting;

  Gie(Knowledge knowledge, double prefix, double queue, double cache, boolean exact) {
    super(knowledge);
    this.prefixWeight = prefix;
    this.queueWeight = queue;
    this.cacheWeight = cache;
    this.exact = exact;
    this.index = new RoutedBlocks(knowledge.engines(), knowledge.cacheBlocks());
  }

  @Override
  void begin(Request request) {
    leastWaiting = Integer.MAX_VALUE;
    mostWaiting = 0;
    for (int engine = 0; engine < knowledge.engines(); engine++) {
      if (knowledge.loads().up(engine)) {
        leastWaiting = Math.min(leastWaiting, knowledge.loads().waiting(engine));
        mostWaiting = Math.max(mostWaiting, knowledge.loads().waiting(engine));
      }
    }
  }

  @Override
  double cost(Request request, int engine) {
    int[] blocks = request.blocks();
    double matched = blocks.length == 0 ? 0 : (double) matched(engine, blocks) / blocks.length;
    double queue =
        mostWaiting == leastWaiting
            ? 1
            : (double) (mostWaiting - knowledge.loads().waiting(engine))
                / (mostWaiting - leastWaiting);
    double room =
        1 - Math.min(1, (double) knowledge.loads().activeBlocks(engine) / knowledge.cacheBlocks());
    return -(prefixWeight * matched + queueWeight * queue + cacheWeight * room);
  }

  private int matched(int engine, int[] blocks) {
    return exact ? knowledge.truth().cache(engine).leading(blocks) : index.leading(engine, blocks);
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
