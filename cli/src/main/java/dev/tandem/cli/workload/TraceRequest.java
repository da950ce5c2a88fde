package dev.tandem.cli.workload;

import java.util.List;

/**
 * One request of a trace in the Mooncake form.
 *
 * @param atSeconds when it is sent, since the trace began, at the pace of life
 * @param inputTokens length of the prompt
 * @param outputTokens length of the answer
 * @param hashIds one id for each {@value #BLOCK_TOKENS}-token block of the prompt; equal ids mean
 *     equal text up to and including the block; the last block may be partial
 */
public record TraceRequest(
    double atSeconds, int inputTokens, int outputTokens, List<Long> hashIds) {

  /** The block size of the published traces. */
  public static final int BLOCK_TOKENS = 512;

  /** Above every context window in use; a longer prompt is a broken trace. */
  static final int MOST_TOKENS = 4_000_000;

  public TraceRequest {
    hashIds = List.copyOf(hashIds);
    if (!(atSeconds >= 0)) {
      throw new IllegalArgumentException("time " + atSeconds + " s: accepted is 0 or more");
    }
    bounded("input_length", inputTokens);
    bounded("output_length", outputTokens);
    int blocks = Math.ceilDiv(inputTokens, BLOCK_TOKENS);
    if (hashIds.size() != blocks) {
      throw new IllegalArgumentException(
          "%d hash_ids: an input_length of %d has %d blocks of %d tokens"
              .formatted(hashIds.size(), inputTokens, blocks, BLOCK_TOKENS));
    }
  }

  private static void bounded(String name, int tokens) {
    if (tokens < 1 || tokens > MOST_TOKENS) {
      throw new IllegalArgumentException(
          "%s %d: accepted is 1 to %d".formatted(name, tokens, MOST_TOKENS));
    }
  }

  /**
   * The id by which requests of one conversation know each other: that of the second block, because
   * the first may hold the same system prompt for everybody.
   */
  long conversation() {
    return hashIds.get(Math.min(1, hashIds.size() - 1));
  }

  TraceRequest at(double seconds) {
    return new TraceRequest(seconds, inputTokens, outputTokens, hashIds);
  }
}
