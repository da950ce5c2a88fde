package dev.tandem.standin.events;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What happened to blocks of the KV cache, with the fields of vLLM's event classes. */
public sealed interface KvEvent {
  /**
   * Blocks entered the cache, in prefix order.
   *
   * @param hashes the new blocks
   * @param parent the block before the first one, or null at the start of a prompt
   * @param tokens the tokens of all blocks together
   * @param blockSize tokens a block
   * @param lora the adapter, or null
   * @param extraKeys one list a block (empty: none), or an empty list when no block has any
   */
  @SuppressWarnings("ArrayRecordComponent") // built once, encoded once, never compared
  record BlockStored(
      long[] hashes,
      @Nullable Long parent,
      int[] tokens,
      int blockSize,
      @Nullable String lora,
      List<List<String>> extraKeys)
      implements KvEvent {
    public BlockStored {
      extraKeys = List.copyOf(extraKeys);
      if (tokens.length != hashes.length * blockSize) {
        throw new IllegalArgumentException(
            tokens.length + " tokens for " + hashes.length + " blocks of " + blockSize);
      }
    }
  }

  /** Blocks left the cache. */
  @SuppressWarnings("ArrayRecordComponent") // built once, encoded once, never compared
  record BlockRemoved(long[] hashes) implements KvEvent {}

  /** The whole cache was emptied. */
  record AllBlocksCleared() implements KvEvent {}
}
