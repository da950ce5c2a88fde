package dev.tandem.router.choose;

/**
 * How fast an engine works: a prompt takes {@code overhead + tokens / tokensPerSecond}, and every
 * token of an answer {@code secondsPerToken}, whatever else is generated beside it.
 *
 * @param tokensPerSecond prompt tokens a second
 * @param overheadSeconds fixed part of every prefill
 * @param secondsPerToken time between two tokens of one answer
 */
public record EngineSpeed(double tokensPerSecond, double overheadSeconds, double secondsPerToken) {

  /**
   * The prior, until an engine has been observed: 8,000 tokens a second, 10 ms and 25 ms a token,
   * the round figures of the reference model for a 70B-class model on one tensor-parallel group of
   * H100s.
   */
  public static final EngineSpeed PRIOR = new EngineSpeed(8000, 0.010, 0.025);

  public EngineSpeed {
    if (!(tokensPerSecond > 0 && Double.isFinite(tokensPerSecond))) {
      throw new IllegalArgumentException(
          "tokensPerSecond " + tokensPerSecond + "; accepted: above 0");
    }
    if (!(overheadSeconds >= 0 && Double.isFinite(overheadSeconds))) {
      throw new IllegalArgumentException(
          "overheadSeconds " + overheadSeconds + "; accepted: 0 or more");
    }
    if (!(secondsPerToken >= 0 && Double.isFinite(secondsPerToken))) {
      throw new IllegalArgumentException(
          "secondsPerToken " + secondsPerToken + "; accepted: 0 or more");
    }
  }

  /** An engine of which only the speed of prompts is known. */
  public EngineSpeed(double tokensPerSecond, double overheadSeconds) {
    this(tokensPerSecond, overheadSeconds, PRIOR.secondsPerToken);
  }

  /** The same on engines that run this many times faster than life. */
  public EngineSpeed withSpeedUp(double speedUp) {
    return new EngineSpeed(
        tokensPerSecond * speedUp, overheadSeconds / speedUp, secondsPerToken / speedUp);
  }

  double computing(long tokens) {
    return tokens / tokensPerSecond;
  }

  /** Seconds to compute what is queued on an engine of this speed, without what is done of it. */
  double queue(EngineLoad load) {
    double whole = load.pendingRequests() * overheadSeconds + computing(load.pendingTokens());
    double first = overheadSeconds + computing(load.computingTokens());
    return Math.max(0, whole - Math.min(first, load.computingSeconds()));
  }
}
