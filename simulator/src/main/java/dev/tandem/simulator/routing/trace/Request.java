package dev.tandem.simulator.routing.trace;

/**
 * One request of a trace. Immutable by agreement: nobody writes into {@code blocks}.
 *
 * @param index place in the trace, from 0
 * @param inputTokens length of the prompt, at least 1
 * @param outputTokens length of the answer, 0 or more
 * @param blocks the prompt's blocks of {@value #BLOCK_TOKENS} tokens, numbered from 0 over the
 *     whole trace; equal numbers mean equal text up to and including the block
 * @param session the conversation it belongs to, numbered from 0; -1 where the trace does not say
 * @param gapSeconds it comes this long after the answer before it in its session has ended; not a
 *     number where it comes at its own time
 */
@SuppressWarnings("ArrayRecordComponent") // millions of blocks: a list of boxes would not do
public record Request(
    int index, int inputTokens, int outputTokens, int[] blocks, int session, double gapSeconds) {

  /** Tokens a block, as in the published traces. */
  public static final int BLOCK_TOKENS = 512;

  /** Above every context window in use; a longer prompt is a broken trace. */
  static final int MOST_TOKENS = 4_000_000;

  public Request {
    within("input_length", inputTokens, 1);
    within("output_length", outputTokens, 0);
    int most = Math.ceilDiv(inputTokens, BLOCK_TOKENS);
    if (blocks.length > most) {
      throw new IllegalArgumentException(
          "hash_ids has %d blocks; accepted: at most %d for an input_length of %d"
              .formatted(blocks.length, most, inputTokens));
    }
    if (!(Double.isNaN(gapSeconds) || (gapSeconds >= 0 && Double.isFinite(gapSeconds)))) {
      throw new IllegalArgumentException("gap_s " + gapSeconds + "; accepted: 0 or more");
    }
  }

  private static void within(String key, int value, int least) {
    if (value < least || value > MOST_TOKENS) {
      throw new IllegalArgumentException(
          "%s %d; accepted: %d to %d".formatted(key, value, least, MOST_TOKENS));
    }
  }

  /** Tokens of the prompt in its first {@code blocks} blocks; the last block may be partial. */
  public int tokens(int blocks) {
    return (int) Math.min((long) BLOCK_TOKENS * blocks, inputTokens);
  }

  /** Whether it waits for the answer before it. */
  public boolean followsAnother() {
    return !Double.isNaN(gapSeconds);
  }
}
