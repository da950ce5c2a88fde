package dev.tandem.simulator.routing.policy;

import dev.tandem.simulator.routing.trace.Request;

/** One engine after the other. */
final class InTurn extends LeastCost {
  private int turn = -1;

  InTurn(Knowledge knowledge) {
    super(knowledge);
  }

  @Override
  void begin(Request request) {
    turn = (turn + 1) % knowledge.engines();
  }

  @Override
  double cost(Request request, int engine) {
    return Math.floorMod(engine - turn, knowledge.engines());
  }
}
