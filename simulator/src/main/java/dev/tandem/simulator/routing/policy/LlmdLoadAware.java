package dev.tandem.simulator.routing.policy;

import dev.tandem.simulator.routing.state.Route;
import dev.tandem.simulator.routing.trace.Request;

/** llm-d's early default: matched share of the prompt plus its load-aware score. */
final class LlmdLoadAware extends LeastCost {
  private static final double QUEUE_THRESHOLD = 128;

  private final RoutedBlocks index;

  LlmdLoadAware(Knowledge knowledge) {
    super(knowledge);
    this.index = new RoutedBlocks(knowledge.engines(), knowledge.cacheBlocks());
  }

  @Override
  double cost(Request request, int engine) {
    int[] blocks = request.blocks();
    double matched =
        blocks.length == 0 ? 0 : (double) index.leading(engine, blocks) / blocks.length;
    int waiting = knowledge.loads().waiting(engine);
    return -(matched + 0.5 * (1 - Math.min(waiting, QUEUE_THRESHOLD) / QUEUE_THRESHOLD));
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
