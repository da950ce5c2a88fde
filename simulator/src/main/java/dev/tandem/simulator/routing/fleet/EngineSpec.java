package dev.tandem.simulator.routing.fleet;

/**
 * What an engine is.
 *
 * @param cacheBlocks blocks its prefix cache holds
 * @param overheadSeconds fixed part of a prefill (of a step, where steps are modelled)
 * @param tokensPerSecond prompt tokens it computes a second
 * @param slots requests it computes or answers at once
 * @param streamSeconds seconds a token of an answer takes, at a full batch where steps are modelled
 */
public record EngineSpec(
    int cacheBlocks,
    double overheadSeconds,
    double tokensPerSecond,
    int slots,
    double streamSeconds) {

  /** The reference model: a 70B-class model on one tensor-parallel group. */
  public static EngineSpec reference(int cacheBlocks) {
    return new EngineSpec(cacheBlocks, 0.010, 8000, 128, 0.025);
  }

  public EngineSpec {
    if (cacheBlocks < 1) {
      throw new IllegalArgumentException(
          "cache-blocks " + cacheBlocks + "; accepted: 1 or more blocks of 512 tokens");
    }
  }

  /** Seconds to compute so many tokens. */
  double prefill(double tokens) {
    return overheadSeconds + tokens / tokensPerSecond;
  }
}
