package dev.tandem.simulator.routing.policy;

import dev.tandem.simulator.routing.state.Route;
import dev.tandem.simulator.routing.trace.Request;

/** placeholder while prototyping. */
final class Tandem extends LeastCost {
  private final RoutedBlocks index;
  private final CachedOnce pressure;
  static double BASE = Double.parseDouble(System.getProperty("base", "1.5"));
  static double SLOPE = Double.parseDouble(System.getProperty("slope", "6"));
  double weight;

  Tandem(Knowledge knowledge) {
    super(knowledge);
    this.index = new RoutedBlocks(knowledge.engines(), knowledge.cacheBlocks());
    this.pressure = new CachedOnce(knowledge);
  }

  @Override
  void begin(Request request) {
    weight = BASE + SLOPE * pressure.share();
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
    return request.inputTokens() - request.tokens(index.leading(engine, request.blocks()));
  }

  @Override
  public void routed(Route route) {
    pressure.routed(route, index);
    index.routed(route);
  }
}
