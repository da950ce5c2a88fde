package dev.tandem.simulator.routing.policy;

import dev.tandem.simulator.routing.state.LruBlocks;
import dev.tandem.simulator.routing.trace.Request;

/** The engines as they really are, for policies that are given more than a router can know. */
public interface Truth {

  /** What an engine's prefix cache holds now. */
  LruBlocks cache(int engine);

  /**
   * Seconds until an engine has computed all that is there, and then this prompt, with what will be
   * cached by then.
   */
  double firstTokenSeconds(int engine, Request request);
}
