package dev.tandem.router.prefix;

import java.nio.charset.StandardCharsets;
import net.openhft.hashing.LongHashFunction;
import org.jspecify.annotations.Nullable;

/**
 * Hashes a prompt in blocks of {@value #BLOCK_TOKENS} tokens. Stateless.
 *
 * <p>{@code h(i) = xx64(xx64(bytes of block i), h(i-1))}, all little endian, and {@code h(-1)} the
 * hash of what separates caches: model or LoRA adapter, and {@code cache_salt}. Equal hashes thus
 * mean equal prefixes up to and including that block. A partial last block has no hash: engines
 * share only full ones.
 *
 * <p>64 tokens is the block llm-d clamps to: smaller blocks multiply index entries and gain at most
 * one block of accuracy a request. xxHash reads a word at a time; per-character hashing of a 512 KB
 * prompt took twice as long as parsing it.
 */
public final class PrefixBlocks {

  /** Tokens a block. */
  public static final int BLOCK_TOKENS = 64;

  /** Bytes a block, at four bytes of UTF-8 a token. */
  public static final int BLOCK_BYTES = BLOCK_TOKENS * 4;

  private static final LongHashFunction XX = LongHashFunction.xx();

  private PrefixBlocks() {}

  /** The seed of every chain of a model (or adapter) and salt. */
  public static long seed(String model, @Nullable String cacheSalt) {
    byte[] name = model.getBytes(StandardCharsets.UTF_8);
    if (cacheSalt == null) {
      return XX.hashBytes(name);
    }
    long[] both = {XX.hashBytes(name), XX.hashBytes(cacheSalt.getBytes(StandardCharsets.UTF_8))};
    return XX.hashLongs(both);
  }

  /** The hash of each full block, in order. */
  public static long[] of(byte[] prompt, long seed) {
    long[] hashes = new long[prompt.length / BLOCK_BYTES];
    long[] link = new long[2];
    long previous = seed;
    for (int i = 0; i < hashes.length; i++) {
      link[0] = XX.hashBytes(prompt, i * BLOCK_BYTES, BLOCK_BYTES);
      link[1] = previous;
      previous = XX.hashLongs(link);
      hashes[i] = previous;
    }
    return hashes;
  }
}
