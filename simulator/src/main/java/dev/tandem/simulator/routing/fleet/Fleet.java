package dev.tandem.simulator.routing.fleet;

import dev.tandem.simulator.routing.policy.Truth;
import dev.tandem.simulator.routing.state.LruBlocks;
import dev.tandem.simulator.routing.state.Route;
import dev.tandem.simulator.routing.trace.Request;
import dev.tandem.simulator.routing.trace.Trace;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.DoubleSupplier;

/**
 * Runs a trace through routers and engines. Built for one run; one thread. The same inputs give the
 * same outcome to the last bit.
 */
public final class Fleet implements Engine.Listener, Truth {
  private final Clock clock = new Clock();
  private final Trace trace;
  private final List<Engine> engines = new ArrayList<>();
  private final Routers routers;
  private final Outcomes outcomes;
  private final Arrivals arrivals;

  /**
   * A fleet before its first request.
   *
   * @param router makes one router, given the engines as they are and the time in seconds
   */
  public Fleet(Trace trace, FleetSpec spec, BiFunction<Truth, DoubleSupplier, Router> router) {
    this.trace = trace;
    this.outcomes = new Outcomes(trace.size());
    for (int i = 0; i < spec.engines(); i++) {
      engines.add(new FifoEngine(spec.engine(), clock, this));
    }
    List<Router> all = new ArrayList<>();
    for (int i = 0; i < spec.hearsay().routers(); i++) {
      all.add(router.apply(this, clock::now));
    }
    this.routers = new Routers(all, spec.hearsay(), clock, spec.seed());
    this.arrivals = new Arrivals(trace, spec.pace(), clock, this::arrive);
  }

  /** Runs the whole trace. */
  public Outcomes run() {
    arrivals.start();
    clock.run(arrivals::unfinished);
    return outcomes;
  }

  /** Seconds each engine spent on prompts. */
  public double[] busySeconds() {
    return engines.stream().mapToDouble(Engine::busySeconds).toArray();
  }

  private void arrive(Request request) {
    outcomes.arrived(request.index(), clock.now());
    send(request);
  }

  private void send(Request request) {
    Route route = routers.choose(request);
    engines.get(route.computes()).compute(route);
  }

  @Override
  public void started(Route route, int hitTokens) {
    outcomes.hit(route.request().index(), hitTokens);
    routers.started(route);
  }

  @Override
  public void computed(Route route) {
    if (!route.split()) {
      outcomes.firstToken(route.request().index(), clock.now());
    }
    routers.computed(route);
  }

  @Override
  public void fetched(Route route) {
    outcomes.firstToken(route.request().index(), clock.now());
  }

  @Override
  public void finished(Route route) {
    routers.finished(route);
    arrivals.finished(route.request());
  }

  @Override
  public LruBlocks cache(int engine) {
    return engines.get(engine).cache();
  }

  @Override
  public double firstTokenSeconds(int engine, Request request) {
    return engines.get(engine).firstTokenSeconds(request);
  }
}
