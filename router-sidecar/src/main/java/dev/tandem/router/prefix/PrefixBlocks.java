package dev.tandem.router.prefix;

import java.nio.charset.StandardCharsets;
import java.util.List;
import net.openhft.hashing.LongHashFunction;
import org.jspecify.annotations.Nullable;

/**
 * Hashes a prompt in blocks of {@value #BLOCK_TOKENS} tokens. Stateless.
 *
 * <p>{@code h(i) = xx64(xx64(block i), h(i-1))}, all little endian, and {@code h(-1)} the hash of
 * what separates caches: model or LoRA adapter, and {@code cache_salt}. A block with images or
 * sounds in it has their hashes as a third word. Equal hashes thus mean equal prefixes up to and
 * including that block. A partial last block has no hash: engines share only full ones.
 *
 * <p>A prompt is known as token ids or as rendered text, and the same prompt has other hashes in
 * each form. The lowest bit of a hash tells which, so that an index can tell what may be compared
 * with what engines say.
 *
 * <p>64 tokens is the block llm-d clamps to: smaller blocks multiply index entries and gain at most
 * one block of accuracy a request. xxHash reads a word at a time; per-character hashing of a 512 KB
 * prompt took twice as long as parsing it.
 */
public final class PrefixBlocks {

  /** Tokens a block. */
  public static final int BLOCK_TOKENS = 64;

  /** Bytes a block of text, at four bytes of UTF-8 a token. */
  public static final int BLOCK_BYTES = BLOCK_TOKENS * 4;

  /** No image or sound in a block. */
  public static final long NO_CONTENT = 0;

  private static final long TOKENS = 1;
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

  /** The hash of each full block of a text, in order. */
  public static long[] of(byte[] prompt, long seed) {
    long[] hashes = new long[prompt.length / BLOCK_BYTES];
    long[] link = {0, seed};
    for (int i = 0; i < hashes.length; i++) {
      link[0] = XX.hashBytes(prompt, i * BLOCK_BYTES, BLOCK_BYTES);
      link[1] = XX.hashLongs(link) & ~TOKENS;
      hashes[i] = link[1];
    }
    return hashes;
  }

  /** The hash of each full block of token ids, in order. */
  public static long[] of(int[] tokens, long seed) {
    long[] hashes = new long[tokens.length / BLOCK_TOKENS];
    long[] link = {0, seed};
    for (int i = 0; i < hashes.length; i++) {
      link[0] = XX.hashInts(tokens, i * BLOCK_TOKENS, BLOCK_TOKENS);
      link[1] = XX.hashLongs(link) | TOKENS;
      hashes[i] = link[1];
    }
    return hashes;
  }

  /** The same with images or sounds among the tokens, in the order of their offsets. */
  public static long[] of(int[] tokens, List<Content> contents, long seed) {
    if (contents.isEmpty()) {
      return of(tokens, seed);
    }
    long[] hashes = new long[tokens.length / BLOCK_TOKENS];
    long previous = seed;
    for (int i = 0; i < hashes.length; i++) {
      previous = next(previous, tokens, i * BLOCK_TOKENS, contents(contents, i * BLOCK_TOKENS));
      hashes[i] = previous;
    }
    return hashes;
  }

  /**
   * The hash of the block of token ids that begins at {@code from}.
   *
   * @param previous hash of the block before, or the seed
   * @param contents of {@link #contents}, or {@link #NO_CONTENT}
   */
  public static long next(long previous, int[] tokens, int from, long contents) {
    long block = XX.hashInts(tokens, from, BLOCK_TOKENS);
    long[] link =
        contents == NO_CONTENT
            ? new long[] {block, previous}
            : new long[] {block, previous, contents};
    return XX.hashLongs(link) | TOKENS;
  }

  /** What images and sounds the block that begins at a token has in it. */
  public static long contents(List<Content> contents, int blockStart) {
    long folded = NO_CONTENT;
    for (Content content : contents) {
      if (content.touches(blockStart, blockStart + BLOCK_TOKENS)) {
        folded = content.fold(folded, blockStart);
      }
    }
    return folded;
  }

  /** Whether a hash is of token ids, and not of text. */
  public static boolean ofTokens(long hash) {
    return (hash & TOKENS) != 0;
  }
}
