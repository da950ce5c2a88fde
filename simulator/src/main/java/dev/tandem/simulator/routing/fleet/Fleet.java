package dev.tandem.simulator.routing.fleet;

import dev.tandem.simulator.routing.policy.Truth;
import dev.tandem.simulator.routing.state.LruBlocks;
import dev.tandem.simulator.routing.state.Route;
import dev.tandem.simulator.routing.trace.Request;
import dev.tandem.simulator.routing.trace.Trace;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs a trace through routers and engines. Built for one run; one thread. The same inputs give the
 * same outcome to the last bit.
 */
public final class Fleet implements Engine.Listener, Truth {
  /** A request that no engine takes is tried again this much later. */
  private static final double AGAIN_SECONDS = 0.1;

  /** Makes one router. */
  @FunctionalInterface
  public interface RouterMaker {
    /**
     * A router that knows nothing yet.
     *
     * @param truth the engines as they are
     * @param seconds the time
     * @param number which of many it is, from 1; 0 for the only one
     */
    Router make(Truth truth, DoubleSupplier seconds, int number);
  }

  private final Clock clock = new Clock();
  private final List<Engine> engines = new ArrayList<>();
  private final Routers routers;
  private final Outcomes outcomes;
  private final Arrivals arrivals;
  private final Trouble trouble;
  private final @Nullable Network network;

  /**
   * A fleet before its first request.
   *
   * @param maker makes the routers
   */
  public Fleet(Trace trace, FleetSpec spec, RouterMaker maker) {
    this.outcomes = new Outcomes(trace.size());
    for (int i = 0; i < spec.engines(); i++) {
      engines.add(
          spec.stepTokens() == 0
              ? new FifoEngine(spec.engine(), clock, this)
              : new BatchedEngine(spec.engine(), spec.stepTokens(), clock, this));
    }
    List<Router> all = new ArrayList<>();
    for (int i = 0; i < spec.hearsay().routers(); i++) {
      all.add(maker.make(this, clock::now, spec.hearsay().routers() == 1 ? 0 : i + 1));
    }
    this.routers = new Routers(all, spec.hearsay(), clock, spec.seed());
    this.arrivals = new Arrivals(trace, spec.pace(), clock, this::arrive);
    this.trouble = new Trouble(spec.faults(), engines, clock, this::wentOrCame, spec.seed());
    this.network = spec.sites() == null ? null : new Network(spec.sites(), clock);
  }

  /** Runs the whole trace. */
  public Outcomes run() {
    trouble.start();
    arrivals.start();
    clock.run(arrivals::unfinished);
    return outcomes;
  }

  /** Seconds each engine spent on prompts. */
  public double[] busySeconds() {
    return engines.stream().mapToDouble(Engine::busySeconds).toArray();
  }

  /** Mean seconds from token to token, of the requests that were answered. */
  public double tokenSeconds() {
    return engines.stream().mapToDouble(Engine::tokenSeconds).sum() / outcomes.size();
  }

  private void arrive(Request request) {
    outcomes.arrived(request.index(), clock.now());
    send(request);
  }

  /** An engine that refuses is known to be away at once, to the router that tried. */
  private void send(Request request) {
    for (int attempt = 0; attempt < engines.size(); attempt++) {
      Routers.Chosen chosen = routers.choose(request);
      Route route = chosen.route();
      if (trouble.away(route.computes())) {
        chosen.refused(route.computes());
      } else if (trouble.away(route.engine())) {
        chosen.refused(route.engine());
      } else {
        engines.get(route.computes()).compute(route);
        return;
      }
      routers.finished(route);
    }
    clock.after(AGAIN_SECONDS, () -> send(request));
  }

  private void wentOrCame(int engine, boolean up, List<Route> unanswered) {
    routers.engine(engine, up);
    for (Route route : unanswered) {
      routers.finished(route);
      send(route.request());
    }
  }

  @Override
  public void started(Route route, int hitTokens) {
    outcomes.hit(route.request().index(), hitTokens);
    routers.started(route);
  }

  @Override
  public void computed(Route route) {
    routers.computed(route);
    if (!route.split()) {
      outcomes.firstToken(route.request().index(), clock.now());
    } else if (network != null) {
      Request request = route.request();
      int kept = engines.get(route.engine()).cache().leading(request.blocks());
      int tokens = request.inputTokens() - request.tokens(kept);
      network.move(route.prefill(), route.engine(), tokens, () -> arrived(route));
    }
  }

  private void arrived(Route route) {
    if (trouble.away(route.engine())) {
      routers.finished(route);
      send(route.request());
    } else {
      engines.get(route.engine()).decode(route);
    }
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
