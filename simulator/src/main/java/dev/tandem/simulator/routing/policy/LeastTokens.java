package dev.tandem.simulator.routing.policy;

import dev.tandem.simulator.routing.trace.Request;

/** The engine with the fewest prompt tokens still to compute, whatever is cached. */
final class LeastTokens extends LeastCost {

  LeastTokens(Knowledge knowledge) {
    super(knowledge);
  }

  @Override
  double cost(Request request, int engine) {
    return knowledge.loads().inputTokens(engine);
  }
}
