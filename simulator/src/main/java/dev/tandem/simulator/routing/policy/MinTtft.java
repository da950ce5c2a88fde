package dev.tandem.simulator.routing.policy;

import dev.tandem.simulator.routing.state.Route;
import dev.tandem.simulator.routing.trace.Request;

/**
 * The least estimated first token: uncached tokens routed there and not computed yet, plus {@code
 * weight} times those of this request. Equals go by fewest in flight.
 */
final class MinTtft extends LeastCost {
  private final double weight;
  private final boolean exact;
  private final RoutedBlocks index;

  MinTtft(Knowledge knowledge, double weight, boolean exact) {
    super(knowledge);
    this.weight = weight;
    this.exact = exact;
    this.index = new RoutedBlocks(knowledge.engines(), knowledge.cacheBlocks());
  }

  @Override
  double cost(Request request, int engine) {
    return knowledge.loads().uncachedTokens(engine) + weight * uncached(request, engine);
  }

  @Override
  double tie(int engine) {
    return knowledge.loads().inFlight(engine);
  }

  @Override
  int uncached(Request request, int engine) {
    int matched =
        exact
            ? knowledge.truth().cache(engine).leading(request.blocks())
            : index.leading(engine, request.blocks());
    return request.inputTokens() - request.tokens(matched);
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
