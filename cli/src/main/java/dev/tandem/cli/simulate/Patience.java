package dev.tandem.cli.simulate;

import java.io.PrintWriter;

/** Says how far a run is, once it takes longer than people wait without a word. One thread. */
final class Patience {
  private static final long NANOS = 2_000_000_000L;

  private final PrintWriter err;
  private final int all;
  private final long begin = System.nanoTime();
  private int done;

  Patience(PrintWriter err, int all) {
    this.err = err;
    this.all = all;
  }

  /** One run more is done. */
  void done() {
    done++;
    if (System.nanoTime() - begin > NANOS) {
      err.println(done + " of " + all + " runs done");
      err.flush();
    }
  }
}
