package dev.tandem.simulator.routing.fleet;

import java.util.PriorityQueue;

/** Simulated time: what is due happens in order of time, then of being planned. One thread. */
final class Clock {
  private record Due(double at, int rank, long order, Runnable what) implements Comparable<Due> {
    @Override
    public int compareTo(Due other) {
      int byTime = Double.compare(at, other.at);
      if (byTime != 0) {
        return byTime;
      }
      return rank != other.rank
          ? Integer.compare(rank, other.rank)
          : Long.compare(order, other.order);
    }
  }

  private final PriorityQueue<Due> due = new PriorityQueue<>();
  private double now;
  private long planned;

  double now() {
    return now;
  }

  void at(double time, Runnable what) {
    due.add(new Due(Math.max(now, time), 0, planned++, what));
  }

  void after(double seconds, Runnable what) {
    at(now + seconds, what);
  }

  /** Something from outside, which happens after everything else of its moment. */
  void arrival(double time, Runnable what) {
    due.add(new Due(Math.max(now, time), 1, planned++, what));
  }

  /** Lets time pass until nothing is due, or the condition no longer holds. */
  void run(java.util.function.BooleanSupplier going) {
    while (going.getAsBoolean()) {
      Due next = due.poll();
      if (next == null) {
        return;
      }
      now = next.at;
      next.what.run();
    }
  }
}
