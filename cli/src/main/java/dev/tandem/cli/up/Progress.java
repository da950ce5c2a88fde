package dev.tandem.cli.up;

import java.io.PrintStream;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Tells a person at stderr what is going on: on a terminal one line a step that is redrawn, with a
 * bar where there is something to count; elsewhere one line when a step is done. Safe for use by
 * several threads.
 */
final class Progress {

  private static final int BAR = 32;
  private static final long REDRAW_NANOS = 80_000_000;

  private final PrintStream err;
  private final boolean terminal;
  private @Nullable String title;
  private long began;
  private long drawn;

  Progress(PrintStream err, boolean terminal) {
    this.err = err;
    this.terminal = terminal;
  }

  synchronized void begin(String step) {
    title = step;
    began = System.nanoTime();
    drawn = 0;
    if (terminal) {
      err.print("  … " + step);
      err.flush();
    }
  }

  /** Shows how far the step is. */
  synchronized void at(int done, int all, String detail) {
    long now = System.nanoTime();
    if (!terminal || title == null || now - drawn < REDRAW_NANOS) {
      return;
    }
    drawn = now;
    int filled = all == 0 ? 0 : (int) ((long) BAR * done / all);
    err.print(
        "\r\u001b[K  … "
            + title
            + "  "
            + "█".repeat(filled)
            + "░".repeat(BAR - filled)
            + " "
            + done
            + "/"
            + all
            + (detail.isEmpty() ? "" : "  " + detail));
    err.flush();
  }

  /** The step is done. */
  synchronized void done(String detail) {
    String line =
        String.format(
            Locale.ROOT,
            "  ✓ %s%s  %.1f s",
            title,
            detail.isEmpty() ? "" : "  " + detail,
            (System.nanoTime() - began) / 1e9);
    err.println((terminal ? "\r\u001b[K" : "") + line);
    title = null;
  }

  /** Something worth a line of its own. */
  synchronized void say(String line) {
    err.println((terminal ? "\r\u001b[K" : "") + line);
  }
}
