package dev.tandem.router.choose;

import org.jspecify.annotations.Nullable;

/**
 * What a request asks of the engines.
 *
 * @param model model or adapter asked for; empty when the caller named none
 * @param inputTokens prompt length in tokens, at least 1
 * @param splittable whether prefill and decode may run on different engines
 * @param blocks chained hash of each full block of the prompt, seeded with model and salt; not to
 *     be changed
 * @param session what the caller says its requests belong together by, or null
 */
public record Demand(
    String model, long inputTokens, boolean splittable, long[] blocks, @Nullable String session) {

  private static final long[] NO_BLOCKS = {};

  public Demand {
    if (inputTokens < 1) {
      throw new IllegalArgumentException("inputTokens " + inputTokens + "; accepted: 1 or more");
    }
  }

  /** The same with at most so many of its first blocks. */
  public Demand withBlocks(int most) {
    return blocks.length <= most
        ? this
        : new Demand(
            model, inputTokens, splittable, java.util.Arrays.copyOf(blocks, most), session);
  }

  /** A request of which only its size is known. */
  public Demand(String model, long inputTokens, boolean splittable) {
    this(model, inputTokens, splittable, NO_BLOCKS, null);
  }
}
