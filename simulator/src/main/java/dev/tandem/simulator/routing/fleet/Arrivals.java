package dev.tandem.simulator.routing.fleet;

import dev.tandem.simulator.routing.trace.Request;
import dev.tandem.simulator.routing.trace.Trace;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.function.Consumer;

/**
 * Lets requests come: at their own times, or after the answer before them, or where only so many
 * sessions are open at once, when one has ended. One thread, the clock's.
 */
final class Arrivals {
  private final Trace trace;
  private final Pace pace;
  private final Clock clock;
  private final Consumer<Request> arrive;

  /** The request that follows another, by that one's index. */
  private final Map<Integer, Request> next = new HashMap<>();

  private final Queue<Request> heads = new ArrayDeque<>();
  private int unfinished;

  Arrivals(Trace trace, Pace pace, Clock clock, Consumer<Request> arrive) {
    this.trace = trace;
    this.pace = pace;
    this.clock = clock;
    this.arrive = arrive;
  }

  boolean unfinished() {
    return unfinished > 0;
  }

  void start() {
    unfinished = trace.size();
    Map<Integer, Integer> last = new HashMap<>();
    for (Request request : trace.requests()) {
      Integer before = request.session() < 0 ? null : last.get(request.session());
      if (before != null && request.followsAnother()) {
        next.put(before, request);
      } else {
        heads.add(request);
      }
      last.put(request.session(), request.index());
    }
    if (pace.sessions() == 0) {
      scheduleNextHead();
    } else {
      for (int i = 0; i < pace.sessions(); i++) {
        openSession();
      }
    }
  }

  /** One at a time, so that the clock's queue stays short. */
  private void scheduleNextHead() {
    Request head = heads.poll();
    if (head != null) {
      clock.arrival(
          trace.arrival(head.index()) * pace.stretch(),
          () -> {
            scheduleNextHead();
            arrive.accept(head);
          });
    }
  }

  private void openSession() {
    Request head = heads.poll();
    if (head != null) {
      clock.arrival(clock.now(), () -> arrive.accept(head));
    }
  }

  void finished(Request request) {
    unfinished--;
    Request following = next.remove(request.index());
    if (following != null) {
      clock.arrival(clock.now() + following.gapSeconds(), () -> arrive.accept(following));
    } else if (pace.sessions() > 0) {
      openSession();
    }
  }
}
