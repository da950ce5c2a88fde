package dev.tandem.simulator.routing.policy;

import dev.tandem.simulator.routing.state.Route;
import dev.tandem.simulator.routing.trace.Request;

/** A policy that takes the engine of least cost, the lowest index among equals. */
abstract class LeastCost implements RoutingPolicy {
  final Knowledge knowledge;

  LeastCost(Knowledge knowledge) {
    this.knowledge = knowledge;
  }

  /** Called once a request, before costs are asked. */
  void begin(Request request) {}

  /** Lower is better. */
  abstract double cost(Request request, int engine);

  /** Among engines of equal cost, lower is better. */
  double tie(int engine) {
    return 0;
  }

  /** Prompt tokens believed to be computed if this engine is taken. */
  int uncached(Request request, int engine) {
    return request.inputTokens();
  }

  @Override
  public final Route choose(Request request, double at) {
    begin(request);
    int best = -1;
    double least = 0;
    for (int engine = 0; engine < knowledge.engines(); engine++) {
      if (!knowledge.loads().up(engine)) {
        continue;
      }
      double cost = cost(request, engine);
      if (best < 0 || cost < least || (cost == least && tie(engine) < tie(best))) {
        best = engine;
        least = cost;
      }
    }
    int taken = Math.max(0, best); // none is up: it will be lost, and routed again
    return Route.alone(request, taken, uncached(request, taken), at);
  }
}
