package dev.tandem.e2e;

import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Waits for what a cluster does in its own time. */
final class Eventually {
  /** Generous, because a slow machine is no failure; a test that passes never waits this long. */
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private static final Duration POLL = Duration.ofMillis(100);

  private Eventually() {}

  /** Repeats {@code assertions} until they pass, and fails as they last failed. */
  static void passes(Runnable assertions) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try {
        assertions.run();
        return;
      } catch (AssertionError e) {
        if (System.nanoTime() > deadline) {
          throw e;
        }
      }
      pause();
    }
  }

  /** Asks until there is an answer. */
  static <T> T answers(String what, Supplier<@Nullable T> question) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      T answer = question.get();
      if (answer != null) {
        return answer;
      }
      if (System.nanoTime() > deadline) {
        throw new AssertionError(what + " did not come within " + PATIENCE.toSeconds() + " s");
      }
      pause();
    }
  }

  private static void pause() {
    try {
      Thread.sleep(POLL);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting", e);
    }
  }
}
