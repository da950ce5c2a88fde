package dev.tandem.simulator.routing.policy;

import dev.tandem.simulator.routing.state.Route;
import dev.tandem.simulator.routing.trace.Request;
import java.util.BitSet;
import java.util.Random;

/** production-stack's prefixaware: any engine at the deepest known prefix, whatever its load. */
final class DeepestMatch extends LeastCost {
  private final PrefixTree tree;
  private final Random random;
  private final BitSet holders = new BitSet();

  DeepestMatch(Knowledge knowledge) {
    super(knowledge);
    this.tree = new PrefixTree(knowledge.engines(), knowledge.distinctBlocks());
    this.random = new Random(knowledge.seed());
  }

  @Override
  void begin(Request request) {
    tree.deepest(request.blocks(), holders);
  }

  @Override
  double cost(Request request, int engine) {
    return random.nextDouble() + (holders.get(engine) ? 0 : 1);
  }

  @Override
  public void routed(Route route) {
    tree.routed(route);
  }

  @Override
  public void engine(int engine, boolean up) {
    tree.lost(engine);
  }
}
