package dev.tandem.controller.reconcile;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait after a failure: doubled each time, up to a bound, with a fifth of jitter so
 * that what failed together does not come back together. Immutable.
 *
 * @param first after the first failure
 * @param longest never more, but for the jitter
 * @param attempts after which the key is left to the next look at everything
 */
record Backoff(Duration first, Duration longest, int attempts) {

  /** A second to two minutes, about six minutes in all. */
  static final Backoff STANDARD = new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(2), 10);

  private static final int MOST_DOUBLINGS = 30;

  /** The time after the {@code failures}-th failure in a row, 1 for the first. */
  Duration after(int failures, RandomGenerator random) {
    Duration doubled = first.multipliedBy(1L << Math.min(failures - 1, MOST_DOUBLINGS));
    long nanos = (doubled.compareTo(longest) < 0 ? doubled : longest).toNanos();
    return Duration.ofNanos(nanos + (long) (random.nextDouble() * nanos / 5));
  }
}
