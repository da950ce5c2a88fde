package dev.tandem.cli.replay;

import dev.tandem.extender.record.Replay;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;

/** A line at stderr that says how far a replay is; nothing where stderr is no terminal. */
final class ReplayProgress implements AutoCloseable {
  private static final int BAR = 32;
  private static final Duration PAUSE = Duration.ofMillis(200);

  private final Replay replay;
  private final Thread thread;

  private ReplayProgress(Replay replay, boolean terminal) {
    this.replay = replay;
    this.thread = Thread.ofVirtual().name("progress").unstarted(this::draw);
    if (terminal) {
      thread.start();
    }
  }

  static ReplayProgress start(Replay replay, boolean terminal) {
    return new ReplayProgress(replay, terminal);
  }

  private void draw() {
    long began = System.nanoTime();
    try {
      while (true) {
        Thread.sleep(PAUSE);
        double share = replay.progress();
        long calls = replay.calls();
        int filled = (int) (BAR * share);
        System.err.printf(
            Locale.ROOT,
            "\r\u001b[K  … replaying  %s%s %3.0f %%  %,d calls, %,.0f a second",
            "█".repeat(filled),
            "░".repeat(BAR - filled),
            100 * share,
            calls,
            calls / ((System.nanoTime() - began) / 1e9));
      }
    } catch (InterruptedException e) {
      System.err.print("\r\u001b[K");
    } catch (IOException e) {
      System.err.println("\r\u001b[K  … progress unknown: " + e.getMessage());
    }
    System.err.flush();
  }

  @Override
  public void close() throws InterruptedException {
    if (thread.isAlive()) {
      thread.interrupt();
      thread.join();
    }
  }
}
