package dev.tandem.simulator.routing.policy;

import dev.tandem.simulator.routing.trace.Request;

/** The engine where this request's first token really would come soonest. Greedy, not optimal. */
final class OracleGreedy extends LeastCost {

  OracleGreedy(Knowledge knowledge) {
    super(knowledge);
  }

  @Override
  double cost(Request request, int engine) {
    return knowledge.truth().firstTokenSeconds(engine, request);
  }
}
