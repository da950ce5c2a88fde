package dev.tandem.cli.workload;

import java.util.SplittableRandom;

/**
 * Text for the blocks of a trace, which publishes only their hashes: equal ids give equal text. A
 * token is four bytes to the stand-in engine, so a block is 512 words of three letters and a space.
 * Stateless.
 */
final class BlockText {

  /** Bytes of ASCII a token; the stand-in engine counts by the same rule. */
  static final int TOKEN_BYTES = 4;

  private static final String CONSONANTS = "bcdfghjklmnpqrstvwxz";
  private static final String VOWELS = "aeiou";

  private BlockText() {}

  /** The prompt of a request: exactly as many tokens as the trace says. */
  static String prompt(TraceRequest request, long salt) {
    StringBuilder text = new StringBuilder(request.inputTokens() * TOKEN_BYTES);
    int left = request.inputTokens();
    for (long id : request.hashIds()) {
      int tokens = Math.min(left, TraceRequest.BLOCK_TOKENS);
      append(text, id ^ salt, tokens);
      left -= tokens;
    }
    return text.toString();
  }

  private static void append(StringBuilder text, long id, int tokens) {
    SplittableRandom letters = new SplittableRandom(id);
    for (int i = 0; i < tokens; i++) {
      int draw = letters.nextInt();
      text.append(CONSONANTS.charAt(Math.floorMod(draw, 20)))
          .append(VOWELS.charAt(Math.floorMod(draw >> 8, 5)))
          .append(CONSONANTS.charAt(Math.floorMod(draw >> 16, 20)))
          .append(' ');
    }
  }
}
