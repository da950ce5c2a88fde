package dev.tandem.router.choose;

/**
 * Learns how fast one engine computes prompts and generates, from when each prompt arrived, when
 * its first token came, and how its answer went on. Takes the engine for a first-come-first-served
 * server of prompts: a prompt's computation starts when it arrives or when the one before is done.
 * Medians of the last samples, so that a stalled process or a cache hit nobody knew of is no news
 * of the engine's speed. Used from one thread.
 */
public final class SpeedLearner {

  // Below this the fixed part of a prefill dominates and the rate cannot be told.
  private static final long LEAST_PROMPT = 256;
  // Fewer gaps than this are mostly the first one, which other prompts' computation stretches.
  private static final long LEAST_ANSWER = 16;

  private final double overheadSeconds;
  private final RecentMedian secondsPerPromptToken;
  private final RecentMedian secondsPerToken;
  private double lastDone = Double.NEGATIVE_INFINITY;

  public SpeedLearner(EngineSpeed prior) {
    this.overheadSeconds = prior.overheadSeconds();
    this.secondsPerPromptToken = new RecentMedian(1 / prior.tokensPerSecond());
    this.secondsPerToken = new RecentMedian(prior.secondsPerToken());
  }

  /**
   * A prompt was computed.
   *
   * @param arrivedSeconds when the engine got the prompt, on any steady clock
   * @param doneSeconds when its first token was there
   * @param tokens prompt tokens it had to compute
   */
  public void observed(double arrivedSeconds, double doneSeconds, long tokens) {
    double started = Math.max(arrivedSeconds, lastDone);
    lastDone = Math.max(lastDone, doneSeconds);
    if (tokens >= LEAST_PROMPT) {
      secondsPerPromptToken.add(Math.max(1e-9, doneSeconds - started - overheadSeconds) / tokens);
    }
  }

  /**
   * An answer was generated, or several: a stream that ended, or what the engine's histogram of
   * {@code vllm:inter_token_latency_seconds} grew by.
   *
   * @param tokens gaps between tokens
   * @param seconds their sum
   */
  public void generated(long tokens, double seconds) {
    if (tokens >= LEAST_ANSWER && seconds >= 0 && Double.isFinite(seconds)) {
      secondsPerToken.add(seconds / tokens);
    }
  }

  public EngineSpeed speed() {
    return new EngineSpeed(
        1 / secondsPerPromptToken.value(), overheadSeconds, secondsPerToken.value());
  }
}
