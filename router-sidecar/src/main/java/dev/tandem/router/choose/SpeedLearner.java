package dev.tandem.router.choose;

/**
 * Learns how fast one engine computes prompts, from when each arrived and when its first token
 * came. Takes the engine for a first-come-first-served server: a prompt's computation starts when
 * it arrives or when the one before is done. Used from one thread.
 */
public final class SpeedLearner {

  // Below this the fixed part of a prefill dominates and the rate cannot be told.
  private static final long LEAST_TOKENS = 256;
  // A tenth a sample: half of a change is learnt after seven prompts.
  private static final double GAIN = 0.1;
  // One sample may not say more than this much faster or slower: a stalled process or a cache hit
  // nobody knew of is no news of the engine's speed.
  private static final double CLIP = 4;

  private final double overheadSeconds;
  private double tokensPerSecond;
  private double lastDone = Double.NEGATIVE_INFINITY;

  public SpeedLearner(EngineSpeed prior) {
    this.overheadSeconds = prior.overheadSeconds();
    this.tokensPerSecond = prior.tokensPerSecond();
  }

  /**
   * Takes one observation.
   *
   * @param arrivedSeconds when the engine got the prompt, on any steady clock
   * @param doneSeconds when its first token was there
   * @param tokens prompt tokens it had to compute
   */
  public void observed(double arrivedSeconds, double doneSeconds, long tokens) {
    double started = Math.max(arrivedSeconds, lastDone);
    lastDone = Math.max(lastDone, doneSeconds);
    if (tokens < LEAST_TOKENS) {
      return;
    }
    double computing = Math.max(1e-9, doneSeconds - started - overheadSeconds);
    double sample = Math.clamp(tokens / computing, tokensPerSecond / CLIP, tokensPerSecond * CLIP);
    // Averaged as seconds a token, which is what is predicted.
    tokensPerSecond = 1 / ((1 - GAIN) / tokensPerSecond + GAIN / sample);
  }

  public EngineSpeed speed() {
    return new EngineSpeed(tokensPerSecond, overheadSeconds);
  }
}
