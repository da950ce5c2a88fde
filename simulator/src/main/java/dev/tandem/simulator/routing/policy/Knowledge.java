package dev.tandem.simulator.routing.policy;

import dev.tandem.simulator.routing.state.EngineLoads;
import dev.tandem.simulator.routing.state.Sites;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What a policy may look at.
 *
 * @param loads load of each engine, as its router knows it
 * @param cacheBlocks blocks an engine's cache holds
 * @param distinctBlocks blocks of the trace are numbered below this
 * @param truth the engines as they are
 * @param clock now, in seconds
 * @param sites where prefill and decode engines stand; null where every engine does both
 * @param router which of many routers this is, from 1; 0 where it is the only one
 * @param seed of policies that draw
 */
public record Knowledge(
    EngineLoads loads,
    int cacheBlocks,
    int distinctBlocks,
    Truth truth,
    DoubleSupplier clock,
    @Nullable Sites sites,
    int router,
    long seed) {

  /** Where the engines of split pools stand. */
  Sites split() {
    if (sites == null) {
      throw new IllegalStateException("this policy routes between split pools only");
    }
    return sites;
  }

  int engines() {
    return loads.engines();
  }
}
