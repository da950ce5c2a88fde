package dev.tandem.router.events;

/**
 * What the numbers of an engine's batches say: whether one is next, was there before, comes after
 * some that are missing, or shows that the engine began anew. Batches arrive live, in order but
 * with holes, and from replays, which may overlap them: a number that was applied already is the
 * same batch again unless it was sent later than all that were. Used from one thread.
 */
final class EventOrder {

  /** What to do with a live batch. */
  enum Verdict {
    APPLY,
    /** It was applied already. */
    SKIP,
    /** Ask for a replay from {@link #next} on, then call {@link EventOrder#replayed}. */
    REPLAY,
    /** The engine began anew: what was known is void. Then judge the batch again. */
    RESTART
  }

  private static final long NEVER = -1;

  private long next;
  private long lastLive = NEVER;
  private double lastSent = Double.NEGATIVE_INFINITY;

  /** The first number not applied yet. */
  long next() {
    return next;
  }

  /**
   * Judges a batch that came live.
   *
   * @param sent when the engine sent it, in seconds since the epoch
   */
  Verdict live(long sequence, double sent) {
    if (sequence < lastLive || (sequence < next && sent > lastSent)) {
      restart();
      return Verdict.RESTART;
    }
    lastLive = sequence;
    if (sequence < next) {
      return Verdict.SKIP;
    }
    if (sequence > next) {
      return Verdict.REPLAY;
    }
    applied(sequence, sent);
    return Verdict.APPLY;
  }

  /** Whether a replayed batch, or the live one that caused the replay, is to be applied. */
  boolean replayed(long sequence, double sent) {
    if (sequence < next) {
      return false;
    }
    applied(sequence, sent);
    return true;
  }

  private void applied(long sequence, double sent) {
    next = sequence + 1;
    lastSent = Math.max(lastSent, sent);
  }

  /** Nothing was heard. */
  void restart() {
    next = 0;
    lastLive = NEVER;
    lastSent = Double.NEGATIVE_INFINITY;
  }
}
