package dev.tandem.cli.bench;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waits for what a control plane does in its own time. */
final class Patience {

  private static final Duration LONGEST = Duration.ofMinutes(2);

  private Patience() {}

  /**
   * Looks again and again until {@code condition} is true.
   *
   * @throws IllegalStateException naming {@code what} after two minutes
   */
  static void await(String what, Duration betweenLooks, BooleanSupplier condition) {
    long start = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - start > LONGEST.toNanos()) {
        throw new IllegalStateException("not within %d s: %s".formatted(LONGEST.toSeconds(), what));
      }
      sleep(betweenLooks);
    }
  }

  /**
   * Does nothing for so long.
   *
   * @throws IllegalStateException where the thread is interrupted
   */
  static void sleep(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting", e);
    }
  }
}
