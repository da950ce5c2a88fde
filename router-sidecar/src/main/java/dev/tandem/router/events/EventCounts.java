package dev.tandem.router.events;

import java.util.concurrent.atomic.LongAdder;

/** What became of an engine's events. Written by the thread that reads them, read by any. */
public final class EventCounts {

  private final LongAdder batches = new LongAdder();
  private final LongAdder blocks = new LongAdder();
  private final LongAdder unknown = new LongAdder();
  private final LongAdder malformed = new LongAdder();
  private final LongAdder orphans = new LongAdder();
  private final LongAdder beyond = new LongAdder();
  private final LongAdder duplicates = new LongAdder();
  private final LongAdder lost = new LongAdder();
  private final LongAdder replays = new LongAdder();
  private final LongAdder unanswered = new LongAdder();
  private final LongAdder restarts = new LongAdder();
  private final LongAdder reopened = new LongAdder();

  void batch() {
    batches.increment();
  }

  void blocks(int count) {
    blocks.add(count);
  }

  void unknown(int count) {
    unknown.add(count);
  }

  void unreadable() {
    malformed.increment();
  }

  void orphans(int count) {
    orphans.add(count);
  }

  void beyond(int count) {
    beyond.add(count);
  }

  void duplicate() {
    duplicates.increment();
  }

  void lost(long count) {
    lost.add(count);
  }

  void replay() {
    replays.increment();
  }

  void unanswered() {
    unanswered.increment();
  }

  void restart() {
    restarts.increment();
  }

  void reopen() {
    reopened.increment();
  }

  /** Batches applied. */
  public long batches() {
    return batches.sum();
  }

  /** Blocks stored or removed. */
  public long blocks() {
    return blocks.sum();
  }

  /** Events of an unknown type. */
  public long unknown() {
    return unknown.sum();
  }

  /** Messages or events that could not be read. */
  public long malformed() {
    return malformed.sum();
  }

  /** Blocks stored after a block nobody told of, so that their prompt is not known. */
  public long orphans() {
    return orphans.sum();
  }

  /** Blocks beyond the bound. */
  public long beyond() {
    return beyond.sum();
  }

  /** Batches that came twice. */
  public long duplicates() {
    return duplicates.sum();
  }

  /** Batches that never came and could not be had again. */
  public long lost() {
    return lost.sum();
  }

  /** Replays that were answered. */
  public long replays() {
    return replays.sum();
  }

  /** Replays that nobody answered, or not to the end. */
  public long repliesMissed() {
    return unanswered.sum();
  }

  /** Times the engine began to count anew. */
  public long restarts() {
    return restarts.sum();
  }

  /** Times a silent link was made anew. */
  public long reopened() {
    return reopened.sum();
  }
}
