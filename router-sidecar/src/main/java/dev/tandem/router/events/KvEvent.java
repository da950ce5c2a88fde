package dev.tandem.router.events;

import dev.tandem.router.index.Tier;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What happened to blocks of an engine's cache: the event classes of vLLM's
 * vllm/distributed/kv_events.py. Hashes are the engine's, the low 64 bits where it sends more.
 */
public sealed interface KvEvent {

  /**
   * Blocks entered the cache, in the order of their prompt.
   *
   * @param hashes the new blocks
   * @param parent the block before the first one, or null at the start of a prompt
   * @param tokens the tokens of all blocks together; empty from a connector that moves blocks
   *     between tiers and knows only their hashes
   * @param blockSize tokens a block
   * @param lora the adapter, or null
   * @param tier where they are
   * @param extras what else entered each block's hash, or null when nothing did
   * @param group cache group; 0 when the engine has one
   * @param attention kind of the group's attention, or null when the engine does not say
   */
  @SuppressWarnings("ArrayRecordComponent") // decoded once, applied once, never compared
  record BlockStored(
      long[] hashes,
      @Nullable Long parent,
      int[] tokens,
      int blockSize,
      @Nullable String lora,
      Tier tier,
      @Nullable List<List<ExtraKey>> extras,
      int group,
      @Nullable String attention)
      implements KvEvent {}

  /** Blocks left a tier. */
  @SuppressWarnings("ArrayRecordComponent") // decoded once, applied once, never compared
  record BlockRemoved(long[] hashes, Tier tier, int group) implements KvEvent {}

  /** The whole cache was emptied. */
  record AllBlocksCleared() implements KvEvent {}

  /** What enters a block's hash besides its tokens. */
  sealed interface ExtraKey {
    /** The adapter's name on every block, or the cache salt on the first. */
    record Text(String value) implements ExtraKey {}

    /** An image or sound: its identifier, and where it begins, in tokens from the block's start. */
    record Item(String identifier, int offset) implements ExtraKey {}

    /** Something else, as a hash. */
    record Other(long hash) implements ExtraKey {}
  }
}
