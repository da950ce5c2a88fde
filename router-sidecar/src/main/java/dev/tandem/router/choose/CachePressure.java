package dev.tandem.router.choose;

/**
 * How much too small the caches are for what comes: the share of routed blocks that some engine
 * held once and none holds now, over the last requests. From it follows A, the weight of uncached
 * work (docs/design/adaptive-weight.md). Two numbers; used from one thread.
 */
public final class CachePressure {

  /**
   * What a lost block more in all makes A grow by. From 3 to 10 the mean time to first token on two
   * public traces changes by 1 %; agents with prompts of 80,000 tokens, whose caches are far too
   * small, want more rather than less.
   */
  private static final double PER_SHARE = 6;

  /**
   * Half of what is remembered is this old, in tokens: about a hundred prompts of the public
   * traces. A quarter of it or ten times as much changes little.
   */
  private static final double HALF_LIFE_TOKENS = 700_000;

  private final double decayPerBlock;
  private double blocks;
  private double lost;

  /**
   * No pressure yet.
   *
   * @param blockTokens tokens of the blocks that are counted
   */
  public CachePressure(int blockTokens) {
    if (blockTokens < 1) {
      throw new IllegalArgumentException("blockTokens " + blockTokens + "; accepted: 1 or more");
    }
    this.decayPerBlock = Math.log(2) * blockTokens / HALF_LIFE_TOKENS;
  }

  /**
   * A prompt is to be routed.
   *
   * @param promptBlocks its blocks, 0 or more
   * @param lostBlocks those of them that were held once and are held nowhere now
   */
  public void seen(int promptBlocks, int lostBlocks) {
    if (lostBlocks < 0 || lostBlocks > promptBlocks) {
      throw new IllegalArgumentException(
          "lostBlocks " + lostBlocks + "; accepted: 0 to " + promptBlocks);
    }
    double kept = Math.exp(-decayPerBlock * promptBlocks);
    blocks = blocks * kept + promptBlocks;
    lost = lost * kept + lostBlocks;
  }

  /** The decayed share, 0 to 1; 0 before anything was seen. */
  public double share() {
    return blocks == 0 ? 0 : lost / blocks;
  }

  /**
   * A on idle engines: 1 without pressure, when a cached token is worth what computing it takes.
   */
  public double weight() {
    return 1 + PER_SHARE * share();
  }
}
