package dev.tandem.standin.cache;

import org.jspecify.annotations.Nullable;

/**
 * A tokenized prompt with the chained hashes of its full blocks. Immutable by convention: nobody
 * writes to the arrays.
 *
 * @param tokens token ids, unsigned 32-bit, at least one
 * @param hashes one 64-bit hash a full block, each covering the whole prefix up to its block
 * @param blockSize tokens a block
 * @param lora the LoRA adapter, or null for the base model
 * @param cacheSalt the tenant's salt, or null
 */
@SuppressWarnings("ArrayRecordComponent") // values are shared on one thread and never compared
public record Prompt(
    int[] tokens, long[] hashes, int blockSize, @Nullable String lora, @Nullable String cacheSalt) {
  public Prompt {
    if (tokens.length == 0) {
      throw new IllegalArgumentException("a prompt has at least one token");
    }
    if (hashes.length != tokens.length / blockSize) {
      throw new IllegalArgumentException(
          hashes.length + " hashes for " + tokens.length / blockSize + " full blocks");
    }
  }

  /** Blocks the prompt takes, the last one perhaps partly filled. */
  public int blocks() {
    return (tokens.length + blockSize - 1) / blockSize;
  }

  /** Blocks that may be served from the cache: the last token is always computed, as in vLLM. */
  public int reusableBlocks() {
    return (tokens.length - 1) / blockSize;
  }
}
