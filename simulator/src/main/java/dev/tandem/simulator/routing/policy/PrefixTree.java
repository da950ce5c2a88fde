package dev.tandem.simulator.routing.policy;

import dev.tandem.simulator.routing.state.Route;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/** Which engines were ever routed which block; never forgets, but for engines that were lost. */
final class PrefixTree {
  private final @Nullable BitSet[] holders;
  private final long[] size;

  PrefixTree(int engines, int distinctBlocks) {
    holders = new BitSet[distinctBlocks];
    size = new long[engines];
  }

  /**
   * How many leading blocks any engine holds; {@code into} becomes the engines that hold that many.
   */
  int deepest(int[] blocks, BitSet into) {
    into.clear();
    int depth = 0;
    while (depth < blocks.length) {
      BitSet there = holders[blocks[depth]];
      if (there == null || there.isEmpty()) {
        break;
      }
      into.clear();
      into.or(there);
      depth++;
    }
    return depth;
  }

  /** Blocks an engine was routed. */
  long size(int engine) {
    return size[engine];
  }

  void routed(Route route) {
    for (int block : route.request().blocks()) {
      BitSet there = holders[block];
      if (there == null) {
        there = new BitSet();
        holders[block] = there;
      }
      if (!there.get(route.engine())) {
        there.set(route.engine());
        size[route.engine()]++;
      }
    }
  }

  void lost(int engine) {
    for (BitSet there : holders) {
      if (there != null) {
        there.clear(engine);
      }
    }
    size[engine] = 0;
  }
}
