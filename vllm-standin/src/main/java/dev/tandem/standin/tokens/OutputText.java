package dev.tandem.standin.tokens;

/**
 * The text an engine answers with: words of three letters and a space, so each is exactly one token
 * (see {@link Tokens}). Word {@code i} depends on the seed and {@code i} alone, so a prefill and a
 * decode engine that share the seed agree on every token. Immutable.
 */
public final class OutputText {
  private static final String CONSONANTS = "bdfgklmnprstvz";
  private static final String VOWELS = "aeiou";

  private final long seed;

  /** Text for one seed. */
  public OutputText(long seed) {
    this.seed = seed;
  }

  /** The words {@code from} (inclusive) to {@code to} (exclusive), joined. */
  public String words(int from, int to) {
    StringBuilder text = new StringBuilder(Math.max(0, to - from) * Tokens.BYTES_PER_TOKEN);
    for (int i = from; i < to; i++) {
      long bits = mix(seed + 0x9E3779B97F4A7C15L * (i + 1L));
      text.append(CONSONANTS.charAt(pick(bits, CONSONANTS.length())))
          .append(VOWELS.charAt(pick(bits >>> 16, VOWELS.length())))
          .append(CONSONANTS.charAt(pick(bits >>> 32, CONSONANTS.length())))
          .append(' ');
    }
    return text.toString();
  }

  private static int pick(long bits, int choices) {
    return (int) ((bits & 0xFFFF) % choices);
  }

  /** The finalizer of SplitMix64 (Steele, Lea, Flood 2014). */
  private static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
