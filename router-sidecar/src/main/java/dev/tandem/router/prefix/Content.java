package dev.tandem.router.prefix;

import net.openhft.hashing.LongHashFunction;

/**
 * An image, a sound or a video in a prompt of token ids: its tokens are placeholders that all look
 * alike, so blocks it lies in are told apart by what it is.
 *
 * @param hash of the content, or of the identifier the engine gives it, see {@link #hash}
 * @param offset tokens before its first one; negative when it begins before the tokens at hand
 * @param length its tokens
 */
public record Content(long hash, int offset, int length) {

  private static final LongHashFunction XX = LongHashFunction.xx();

  public Content {
    if (length < 0) {
      throw new IllegalArgumentException("length " + length + "; accepted: 0 or more");
    }
  }

  /** The hash of an identifier: vLLM's own is a hash of the content. */
  public static long hash(String identifier) {
    return XX.hashChars(identifier);
  }

  /** The hash of a content's bytes, or of the address that stands for them. */
  public static long hash(byte[] content) {
    return XX.hashBytes(content);
  }

  /** Adds this content to what is known of the block that begins at a token. */
  long fold(long before, int blockStart) {
    return XX.hashLongs(new long[] {before, hash, (long) offset - blockStart});
  }

  boolean touches(int from, int end) {
    return offset < end && (long) offset + length > from;
  }
}
