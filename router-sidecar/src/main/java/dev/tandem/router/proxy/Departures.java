package dev.tandem.router.proxy;

/**
 * How fast requests of this router end, over the last {@value #KEPT} of them: each makes room for
 * one that waits. Used from one thread.
 */
final class Departures {

  private static final int KEPT = 64;

  /** Fewer say nothing of a rate. */
  private static final int LEAST = 4;

  private final long[] endedNanos = new long[KEPT];
  private long ended;

  /** A request ended. */
  void ended(long nowNanos) {
    endedNanos[(int) (ended++ % KEPT)] = nowNanos;
  }

  /**
   * Seconds until so many more have ended, as fast as the last ones did; the time since then counts
   * too, so that a standstill is seen. 0 while too few have ended to say.
   */
  double seconds(int requests, long nowNanos) {
    int known = (int) Math.min(ended, KEPT);
    if (known < LEAST) {
      return 0;
    }
    long first = endedNanos[(int) ((ended - known) % KEPT)];
    return requests * ((nowNanos - first) / 1e9 / known);
  }
}
