package dev.tandem.router.engine;

import org.jspecify.annotations.Nullable;

/**
 * Compares one reading of the engine's metrics with the one before and says what changed. Used from
 * one thread.
 */
public final class EngineWatch {

  private static final EngineStatus NOTHING = new EngineStatus(0, 0, 0, false, 0, 0);

  /** Is told what changed. */
  public interface Listener {
    void status(EngineStatus now);

    /** What was fetched over NIXL since it was last told. */
    void transferred(TransferTotals added);

    /** The engine has so many data-parallel ranks, 1 or more; told when there are more. */
    void ranks(int count);

    /** The engine computed prompts since it was last read. */
    void worked();

    /** What was read last is too old to say anything. */
    void stale();

    /** The engine counts from the beginning again: it restarted. */
    void restarted();
  }

  private final Listener listener;
  private EngineStatus status = NOTHING;
  private @Nullable TransferTotals transfers;
  private double promptTokens = Double.NaN;
  private int ranks;
  private long bad;
  private long unusable;
  private long stale;

  public EngineWatch(Listener listener) {
    this.listener = listener;
  }

  /** Takes a reading; true when it differs from the one before. */
  public boolean read(EngineSample sample) {
    bad += sample.bad();
    if (!sample.usable()) {
      unusable++;
      return false;
    }
    if (sample.ranks() > ranks) {
      ranks = sample.ranks();
      listener.ranks(ranks);
    }
    boolean changed = progressed(sample);
    EngineStatus now = EngineStatus.of(sample, status);
    if (!now.equals(status)) {
      status = now;
      listener.status(now);
      changed = true;
    }
    return transferred(sample) || changed;
  }

  /** The metrics could not be read for a while. */
  public void stale() {
    stale++;
    status = NOTHING;
    listener.stale();
  }

  private boolean progressed(EngineSample sample) {
    double before = promptTokens;
    if (!Double.isNaN(sample.promptTokens())) {
      promptTokens = sample.promptTokens();
    }
    if (promptTokens < before) {
      listener.restarted();
    } else if (promptTokens > before) {
      listener.worked();
    }
    return Double.compare(promptTokens, before) != 0;
  }

  private boolean transferred(EngineSample sample) {
    TransferTotals before = transfers;
    transfers = sample.transfers();
    if (before == null || transfers.equals(before)) {
      return false;
    }
    TransferTotals added = transfers.since(before);
    if (added.count() > 0) {
      listener.transferred(added);
    }
    return true;
  }

  /** Values that were not what their metric may have, since the start. */
  public long bad() {
    return bad;
  }

  /** Times the metrics became too old, since the start. */
  public long wentStale() {
    return stale;
  }

  /** Readings without the gauges that make one useful, since the start. */
  public long unusable() {
    return unusable;
  }
}
