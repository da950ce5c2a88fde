package dev.tandem.simulator.routing.policy;

import dev.tandem.simulator.routing.trace.Request;
import java.util.Random;

/** Any engine, drawn by the seed. */
final class AnyEngine extends LeastCost {
  private final Random random;

  AnyEngine(Knowledge knowledge) {
    super(knowledge);
    this.random = new Random(knowledge.seed());
  }

  @Override
  double cost(Request request, int engine) {
    return random.nextDouble();
  }
}
