package dev.tandem.router.proxy;

/**
 * How long an engine is not asked again: 30 s where it does not know the question, since that is
 * its version or configuration; 1 s after {@value #MOST_FAILED} questions in a row without an
 * answer. Each further time twice as long, up to 10 minutes and to one.
 */
final class Pause {

  private static final int MOST_FAILED = 3;
  private static final long MISSING_NANOS = 30_000_000_000L;
  private static final long MOST_MISSING_NANOS = 600_000_000_000L;
  private static final long FAILED_NANOS = 1_000_000_000L;
  private static final long MOST_FAILED_NANOS = 60_000_000_000L;
  private static final int MOST_DOUBLED = 20;

  private int failed;
  private int times;
  private long from;
  private long length;

  /** A question was not answered; those asked before the pause began do not prolong it. */
  void failed(boolean missing, long nowNanos) {
    if (!over(nowNanos)) {
      return;
    }
    failed++;
    if (missing || failed >= MOST_FAILED) {
      long first = missing ? MISSING_NANOS : FAILED_NANOS;
      long most = missing ? MOST_MISSING_NANOS : MOST_FAILED_NANOS;
      from = nowNanos;
      length = Math.min(most, first << Math.min(times++, MOST_DOUBLED));
    }
  }

  boolean over(long nowNanos) {
    return nowNanos - from >= length;
  }
}
