package dev.tandem.simulator.routing.policy;

import dev.tandem.simulator.routing.trace.Request;

/** Dynamo's KV router: weighted blocks to compute there, plus blocks in use there with this one. */
final class Dynamo extends LeastCost {
  private final double prefillWeight;

  Dynamo(Knowledge knowledge, double prefillWeight) {
    super(knowledge);
    this.prefillWeight = prefillWeight;
  }

  @Override
  double cost(Request request, int engine) {
    int uncached = uncached(request, engine);
    double compute =
        (double) (knowledge.loads().uncachedTokens(engine) + uncached) / Request.BLOCK_TOKENS;
    double newBlocks = (double) uncached / Request.BLOCK_TOKENS;
    return prefillWeight * compute
        + knowledge.loads().activeBlocks(engine)
        + knowledge.loads().waitingBlocks(engine)
        + newBlocks;
  }

  @Override
  int uncached(Request request, int engine) {
    int matched = knowledge.truth().cache(engine).leading(request.blocks());
    return request.inputTokens() - request.tokens(matched);
  }
}
