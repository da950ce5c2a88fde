package dev.tandem.simulator.routing.fleet;

import dev.tandem.simulator.routing.state.Route;
import dev.tandem.simulator.routing.trace.Request;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/** All routers, and how news travels between them. One thread, the clock's. */
final class Routers {
  private final List<Router> routers;
  private final Hearsay hearsay;
  private final Clock clock;
  private final Random random;

  Routers(List<Router> routers, Hearsay hearsay, Clock clock, long seed) {
    this.routers = List.copyOf(routers);
    this.hearsay = hearsay;
    this.clock = clock;
    this.random = new Random(seed);
  }

  /**
   * A choice, and who made it.
   *
   * @param route what was chosen
   * @param chooser who chose, and knows it already
   */
  record Chosen(Route route, Router chooser) {
    /** Its connection was refused, so the chooser knows without being told. */
    void refused(int engine) {
      chooser.engine(engine, false);
    }
  }

  /** One of them chooses, and knows it at once. */
  Chosen choose(Request request) {
    Router chooser =
        routers.size() == 1 ? routers.getFirst() : routers.get(random.nextInt(routers.size()));
    Route route = chooser.policy().choose(request, clock.now());
    chooser.routed(route);
    for (Router router : routers) {
      if (router != chooser) {
        tell(router, one -> one.routed(route));
      }
    }
    return new Chosen(route, chooser);
  }

  void started(Route route) {
    tell(router -> router.started(route));
  }

  void computed(Route route) {
    double at = clock.now();
    tell(router -> router.computed(route, at));
  }

  void finished(Route route) {
    tell(router -> router.finished(route));
  }

  void engine(int engine, boolean up) {
    tell(router -> router.engine(engine, up));
  }

  private void tell(Consumer<Router> news) {
    for (Router router : routers) {
      tell(router, news);
    }
  }

  private void tell(Router router, Consumer<Router> news) {
    double delay = hearsay.delaySeconds();
    if (hearsay.lostShare() > 0 && random.nextDouble() < hearsay.lostShare()) {
      delay += Hearsay.AGAIN_SECONDS;
    }
    if (delay == 0) {
      news.accept(router);
    } else {
      clock.after(delay, () -> news.accept(router));
    }
  }
}
