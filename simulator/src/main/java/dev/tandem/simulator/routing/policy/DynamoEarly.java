package dev.tandem.simulator.routing.policy;

import dev.tandem.simulator.routing.trace.Request;

/** Dynamo's first KV router: twice the cached share, less cache usage, less the relative queue. */
final class DynamoEarly extends LeastCost {
  private int mostWaiting;

  DynamoEarly(Knowledge knowledge) {
    super(knowledge);
  }

  @Override
  void begin(Request request) {
    mostWaiting = 0;
    for (int engine = 0; engine < knowledge.engines(); engine++) {
      mostWaiting = Math.max(mostWaiting, knowledge.loads().waiting(engine));
    }
  }

  @Override
  double cost(Request request, int engine) {
    int matched = knowledge.truth().cache(engine).leading(request.blocks());
    double cached = (double) request.tokens(matched) / request.inputTokens();
    double usage = (double) knowledge.loads().activeBlocks(engine) / knowledge.cacheBlocks();
    double queue = mostWaiting == 0 ? 0 : (double) knowledge.loads().waiting(engine) / mostWaiting;
    return -(2 * cached - usage - queue);
  }
}
