package dev.tandem.simulator.routing.fleet;

import dev.tandem.simulator.routing.policy.RoutingPolicy;
import dev.tandem.simulator.routing.state.EngineLoads;
import dev.tandem.simulator.routing.state.Route;
import dev.tandem.simulator.routing.state.RouterEvents;

/** One router: what it knows, and the policy that chooses by it. */
public record Router(EngineLoads loads, RoutingPolicy policy) implements RouterEvents {

  @Override
  public void routed(Route route) {
    loads.routed(route);
    policy.routed(route);
  }

  @Override
  public void started(Route route) {
    loads.started(route);
    policy.started(route);
  }

  @Override
  public void computed(Route route, double at) {
    loads.computed(route, at);
    policy.computed(route, at);
  }

  @Override
  public void finished(Route route) {
    loads.finished(route);
    policy.finished(route);
  }

  @Override
  public void engine(int engine, boolean up) {
    loads.engine(engine, up);
    policy.engine(engine, up);
  }
}
