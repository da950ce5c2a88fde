package dev.tandem.router.choose;

/**
 * How fast an engine computes prompts: {@code seconds = overhead + tokens / tokensPerSecond}.
 *
 * @param tokensPerSecond prompt tokens a second
 * @param overheadSeconds fixed part of every prefill
 */
public record EngineSpeed(double tokensPerSecond, double overheadSeconds) {

  /**
   * The prior, until an engine has been observed: 8,000 tokens a second and 10 ms, the round
   * figures of the reference model for a 70B-class model on one tensor-parallel group of H100s.
   */
  public static final EngineSpeed PRIOR = new EngineSpeed(8000, 0.010);

  public EngineSpeed {
    if (!(tokensPerSecond > 0 && Double.isFinite(tokensPerSecond))) {
      throw new IllegalArgumentException(
          "tokensPerSecond " + tokensPerSecond + "; accepted: above 0");
    }
    if (!(overheadSeconds >= 0 && Double.isFinite(overheadSeconds))) {
      throw new IllegalArgumentException(
          "overheadSeconds " + overheadSeconds + "; accepted: 0 or more");
    }
  }

  /** The prior of engines that run {@code speedUp} times faster than life. */
  public static EngineSpeed prior(double speedUp) {
    return new EngineSpeed(PRIOR.tokensPerSecond * speedUp, PRIOR.overheadSeconds / speedUp);
  }

  double computing(long tokens) {
    return tokens / tokensPerSecond;
  }

  /** Seconds to compute what is queued on an engine of this speed. */
  double queue(EngineLoad load) {
    return load.pendingRequests() * overheadSeconds + computing(load.pendingTokens());
  }
}
