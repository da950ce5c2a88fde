package dev.tandem.router.peers;

import dev.tandem.router.engine.EngineStatus;
import dev.tandem.router.engine.TransferTotals;
import dev.tandem.router.index.Tier;
import org.jspecify.annotations.Nullable;

/**
 * One line of the stream by which routers tell each other what they know first: each its own routed
 * requests, and its own engine's speed and cache.
 */
public sealed interface StateEvent {

  /**
   * First line: who speaks, and where. Unless the stream goes on where the reader left it,
   * everything said before by this peer is void.
   *
   * @param epoch another one after every start of the sender
   * @param next number of the first line after the snapshot
   * @param snapshot lines of the snapshot, which follow; 0 when the stream goes on
   * @param resumed whether it goes on
   */
  record Hello(String pod, String epoch, long next, int snapshot, boolean resumed)
      implements StateEvent {}

  /**
   * A request was routed.
   *
   * @param id unique among the sender's requests
   * @param prefill the engine that computes the prompt; null when the decode engine does
   * @param decode the engine that generates
   * @param tokens prompt tokens to be computed
   * @param hashes the prompt's blocks, which those engines will hold
   */
  record Routed(String id, @Nullable String prefill, String decode, long tokens, long[] hashes)
      implements StateEvent {}

  /** The prompt of a request has been computed; sent by whoever saw it first. */
  record Prefilled(String id) implements StateEvent {}

  /** A request of the sender is over, however it ended. */
  record Finished(String id) implements StateEvent {}

  /**
   * How fast the sender's own engine is.
   *
   * @param tokensPerSecond prompt tokens it computes a second
   * @param secondsPerToken between two tokens of an answer; NaN when it did not say
   */
  record Speed(double tokensPerSecond, double secondsPerToken) implements StateEvent {}

  /** The sender's own engine holds these blocks, oldest first. */
  record Blocks(long[] hashes) implements StateEvent {}

  /** The sender's own engine told that it stored these blocks; with none, that it tells. */
  record Stored(Tier tier, long[] hashes) implements StateEvent {}

  /** The sender's own engine told that it dropped these blocks. */
  record Removed(Tier tier, long[] hashes) implements StateEvent {}

  /** What the sender's own engine says of itself. */
  record Status(EngineStatus status) implements StateEvent {}

  /** Nothing is known any more of what the sender's own engine says of itself. */
  record Stale() implements StateEvent {}

  /** What the sender's own engine fetched since the last time. */
  record Transferred(TransferTotals added) implements StateEvent {}

  /** The sender's own engine lost its cache. */
  record Reset() implements StateEvent {}

  /** Nothing new; the sender lives. */
  record Beat() implements StateEvent {}
}
