package dev.tandem.simulator.routing.fleet;

import dev.tandem.simulator.routing.state.Route;
import java.util.List;
import java.util.Random;

/** Lets engines restart and slow down, at times drawn by the seed. One thread, the clock's. */
final class Trouble {
  private final Faults faults;
  private final List<Engine> engines;
  private final Clock clock;
  private final Watcher watcher;
  private final Random random;
  private final boolean[] away;

  /** Hears of an engine that went, with the requests it had not answered, or came back. */
  @FunctionalInterface
  interface Watcher {
    void changed(int engine, boolean up, List<Route> unanswered);
  }

  Trouble(Faults faults, List<Engine> engines, Clock clock, Watcher watcher, long seed) {
    this.faults = faults;
    this.engines = engines;
    this.clock = clock;
    this.watcher = watcher;
    this.random = new Random(seed);
    this.away = new boolean[engines.size()];
  }

  boolean away(int engine) {
    return away[engine];
  }

  void start() {
    for (int engine = 0; engine < away.length; engine++) {
      if (faults.restartEverySeconds() > 0) {
        scheduleRestart(engine);
      }
    }
    if (faults.slowShare() > 0) {
      drawSlow();
    }
  }

  private void scheduleRestart(int engine) {
    double life = -Math.log(1 - random.nextDouble()) * faults.restartEverySeconds();
    clock.after(life, () -> goes(engine));
  }

  private void goes(int engine) {
    away[engine] = true;
    List<Route> unanswered = engines.get(engine).stop();
    watcher.changed(engine, false, unanswered);
    clock.after(faults.downSeconds(), () -> comes(engine));
  }

  private void comes(int engine) {
    away[engine] = false;
    watcher.changed(engine, true, List.of());
    scheduleRestart(engine);
  }

  private void drawSlow() {
    for (Engine engine : engines) {
      engine.slowdown(random.nextDouble() < faults.slowShare() ? faults.slowFactor() : 1);
    }
    clock.after(Faults.STRETCH_SECONDS, this::drawSlow);
  }
}
