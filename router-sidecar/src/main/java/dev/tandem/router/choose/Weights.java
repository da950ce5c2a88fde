package dev.tandem.router.choose;

/**
 * The constants of the prediction.
 *
 * @param secondJob weight of a whole prompt's computation on an engine whose job is another
 *     (prefill on a decode engine stalls every stream there for that long): 1, as if one caller
 *     waited for it besides this one, since streams arriving meanwhile are not known yet
 * @param stalledStream weight of the same for each stream running there now: 0.05, because a reader
 *     notices a pause in the middle of an answer far less than a late beginning
 * @param decodeSlots streams an engine generates at once; vLLM's --max-num-seqs of 128
 * @param outputTokens tokens of an answer, for how long it holds its slot: 343, the mean of a
 *     public conversation trace
 * @param mostInFlight requests an engine may have before it counts as full: eight times its slots,
 *     where a new one would wait for minutes
 * @param noiseSeconds predictions nearer to the best than this, or than {@code noiseShare} of it,
 *     are equal
 * @param noiseShare share of the best cost within which predictions are equal
 * @param linkNoise share of the slowest transfer within which all links are equal: 5 %, as
 *     placement takes it. No stamp knows a rate better
 * @param splitTokens prompts shorter than this are not split; 0, the default, leaves it to the
 *     prediction
 * @param splitUncachedTokens nor are prompts of which the decode engine lacks fewer tokens than
 *     this; 0, the default, leaves it to the prediction
 * @param uncached A, the weight of uncached work on every engine whatever waits there, 1 or more;
 *     {@link #ADAPTIVE}, the default, works it out for each choice ({@link UncachedWeight})
 */
public record Weights(
    double secondJob,
    double stalledStream,
    int decodeSlots,
    double outputTokens,
    int mostInFlight,
    double noiseSeconds,
    double noiseShare,
    double linkNoise,
    long splitTokens,
    long splitUncachedTokens,
    double uncached) {

  /** A follows the pressure on the caches and the queues. */
  public static final double ADAPTIVE = 0;

  public static final Weights DEFAULT =
      new Weights(1, 0.05, 128, 343, 1024, 0.0005, 0.01, 0.05, 0, 0, ADAPTIVE);

  public Weights {
    if (uncached != ADAPTIVE && !(uncached >= 1 && Double.isFinite(uncached))) {
      throw new IllegalArgumentException("uncached " + uncached + "; accepted: 0, or 1 or more");
    }
  }

  /** The same for engines that run this many times faster than life. */
  public Weights withSpeedUp(double speedUp) {
    return new Weights(
        secondJob,
        stalledStream,
        decodeSlots,
        outputTokens,
        mostInFlight,
        noiseSeconds / speedUp,
        noiseShare,
        linkNoise,
        splitTokens,
        splitUncachedTokens,
        uncached);
  }

  /** The same with another bound of requests an engine. */
  public Weights withMostInFlight(int bound) {
    return new Weights(
        secondJob,
        stalledStream,
        decodeSlots,
        outputTokens,
        bound,
        noiseSeconds,
        noiseShare,
        linkNoise,
        splitTokens,
        splitUncachedTokens,
        uncached);
  }

  /** The same with thresholds below which a prompt stays on the decode engine. */
  public Weights withSplitFrom(long tokens, long uncachedTokens) {
    return new Weights(
        secondJob,
        stalledStream,
        decodeSlots,
        outputTokens,
        mostInFlight,
        noiseSeconds,
        noiseShare,
        linkNoise,
        tokens,
        uncachedTokens,
        uncached);
  }

  /** The same with A as a number, or {@link #ADAPTIVE}. */
  public Weights withUncached(double weight) {
    return new Weights(
        secondJob,
        stalledStream,
        decodeSlots,
        outputTokens,
        mostInFlight,
        noiseSeconds,
        noiseShare,
        linkNoise,
        splitTokens,
        splitUncachedTokens,
        weight);
  }
}
