package dev.tandem.simulator.routing.policy;

import dev.tandem.simulator.routing.state.EngineLoads;
import java.util.function.DoubleSupplier;

/**
 * What a policy may look at.
 *
 * @param loads load of each engine, as its router knows it
 * @param cacheBlocks blocks an engine's cache holds
 * @param requests requests of the whole trace, for sizing
 * @param distinctBlocks blocks of the trace are numbered below this
 * @param truth the engines as they are
 * @param clock now, in seconds
 * @param seed of policies that draw
 */
public record Knowledge(
    EngineLoads loads,
    int cacheBlocks,
    int requests,
    int distinctBlocks,
    Truth truth,
    DoubleSupplier clock,
    long seed) {

  int engines() {
    return loads.engines();
  }
}
