package dev.tandem.standin.tokens;

import java.nio.charset.StandardCharsets;

/**
 * The stand-in's tokenizer: four bytes of UTF-8 are one token, rounded up.
 *
 * <p>A token id is its four bytes read big-endian as an unsigned 32-bit number, the last one padded
 * with zero bytes. So equal text prefixes give equal tokens, a router can count tokens without
 * asking, and {@link #text} gives the text back (text that itself ends in NUL loses those).
 */
public final class Tokens {
  /** Bytes of UTF-8 in one token. */
  public static final int BYTES_PER_TOKEN = 4;

  private Tokens() {}

  /** The token ids of a text, each the bits of an unsigned 32-bit number. */
  public static int[] of(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    int[] tokens = new int[(bytes.length + BYTES_PER_TOKEN - 1) / BYTES_PER_TOKEN];
    for (int i = 0; i < bytes.length; i++) {
      int shift = 24 - 8 * (i % BYTES_PER_TOKEN);
      tokens[i / BYTES_PER_TOKEN] |= (bytes[i] & 0xFF) << shift;
    }
    return tokens;
  }

  /** The text of these tokens; bytes that are no UTF-8 become replacement characters. */
  public static String text(int[] tokens) {
    byte[] bytes = new byte[tokens.length * BYTES_PER_TOKEN];
    for (int i = 0; i < tokens.length; i++) {
      for (int b = 0; b < BYTES_PER_TOKEN; b++) {
        bytes[i * BYTES_PER_TOKEN + b] = (byte) (tokens[i] >>> (24 - 8 * b));
      }
    }
    int end = bytes.length;
    while (end > 0 && end > bytes.length - BYTES_PER_TOKEN && bytes[end - 1] == 0) {
      end--;
    }
    return new String(bytes, 0, end, StandardCharsets.UTF_8);
  }
}
