package dev.tandem.simulator.routing.policy;

import dev.tandem.simulator.routing.state.LruBlocks;
import dev.tandem.simulator.routing.state.Route;

/** The approximate index: an engine is believed to hold what was last routed to it. */
final class RoutedBlocks {
  private final LruBlocks[] engines;

  RoutedBlocks(int engines, int capacity) {
    this.engines = new LruBlocks[engines];
    for (int i = 0; i < engines; i++) {
      this.engines[i] = new LruBlocks(capacity);
    }
  }

  int leading(int engine, int[] blocks) {
    return engines[engine].leading(blocks);
  }

  void routed(Route route) {
    int[] blocks = route.request().blocks();
    if (route.split()) {
      engines[route.prefill()].touch(blocks, blocks.length);
    }
    engines[route.engine()].touch(blocks, blocks.length);
  }

  void lost(int engine) {
    engines[engine].clear();
  }
}
