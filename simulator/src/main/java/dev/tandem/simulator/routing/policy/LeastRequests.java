package dev.tandem.simulator.routing.policy;

import dev.tandem.simulator.routing.trace.Request;

/** The engine with the fewest requests in any state. */
final class LeastRequests extends LeastCost {

  LeastRequests(Knowledge knowledge) {
    super(knowledge);
  }

  @Override
  double cost(Request request, int engine) {
    return knowledge.loads().inFlight(engine);
  }
}
