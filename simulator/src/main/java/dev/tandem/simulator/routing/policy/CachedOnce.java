package dev.tandem.simulator.routing.policy;

import dev.tandem.simulator.routing.state.Route;
import java.util.BitSet;

final class CachedOnce {
  private final BitSet seen = new BitSet();
  private final Knowledge knowledge;
  static double KEEP = Double.parseDouble(System.getProperty("keep", "2000"));
  double lost;
  double all;

  CachedOnce(Knowledge knowledge) {
    this.knowledge = knowledge;
  }

  double share() {
    return all == 0 ? 0 : lost / all;
  }

  void routed(Route route, RoutedBlocks index) {
    int[] blocks = route.request().blocks();
    int best = 0;
    for (int e = 0; e < knowledge.engines(); e++) {
      best = Math.max(best, index.leading(e, blocks));
    }
    int gone = 0;
    for (int i = best; i < blocks.length; i++) {
      if (seen.get(blocks[i])) gone++;
    }
    for (int b : blocks) seen.set(b);
    double decay = Math.exp(-blocks.length / KEEP);
    lost = lost * decay + gone;
    all = all * decay + blocks.length;
  }
}
