package dev.tandem.standin.schedule;

/**
 * The clock and the timers of one engine. Implementations run every callback on the engine's own
 * thread, so that nothing else in the engine needs locks.
 */
public interface Timing {
  /** Monotonic nanoseconds from an arbitrary start. */
  long nanoTime();

  /**
   * Runs the callback once, as soon as possible after the delay.
   *
   * @param delayNanos zero or negative means: soon, but not inside this call
   */
  Timer after(long delayNanos, Runnable callback);

  /** A pending callback. */
  interface Timer {
    /** Takes the callback back; does nothing when it has run. */
    void cancel();
  }
}
