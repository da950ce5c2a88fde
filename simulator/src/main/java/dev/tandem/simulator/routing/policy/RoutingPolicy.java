package dev.tandem.simulator.routing.policy;

import dev.tandem.simulator.routing.state.Route;
import dev.tandem.simulator.routing.state.RouterEvents;
import dev.tandem.simulator.routing.trace.Request;

/**
 * Chooses engines, one request at a time. It hears of every routing, its own included, and of what
 * becomes of it; the loads it was given know already when it does. One thread.
 */
public interface RoutingPolicy extends RouterEvents {

  /**
   * Where a request should go.
   *
   * @param at now, in seconds
   */
  Route choose(Request request, double at);
}
