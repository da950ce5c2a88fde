package dev.tandem.router.choose;

/**
 * The constants of the prediction.
 *
 * @param uncached A, the weight of uncached work: above 1 it values cache more than this request's
 *     own first token does. Between 2 and 4 the mean time to first token on the public traces
 *     varies by 2 %; 2 is best where many instances share the load and 4 under cache pressure
 * @param secondJob weight of a whole prompt's computation on an engine whose job is another
 *     (prefill on a decode engine stalls every stream there for that long): 1, as if one caller
 *     waited for it besides this one, since streams arriving meanwhile are not known yet
 * @param stalledStream weight of the same for each stream running there now: 0.05, because a reader
 *     notices a pause in the middle of an answer far less than a late beginning
 * @param decodeSlots streams an engine generates at once; vLLM's --max-num-seqs of 128
 * @param streamSeconds how long a stream holds its slot: 343 tokens (the mean of a public
 *     conversation trace) at 25 ms
 * @param mostInFlight requests an engine may have before it counts as full: eight times its slots,
 *     where a new one would wait for minutes
 * @param noiseSeconds predictions nearer to the best than this, or than {@code noiseShare} of it,
 *     are equal
 * @param noiseShare share of the best cost within which predictions are equal
 */
public record Weights(
    double uncached,
    double secondJob,
    double stalledStream,
    int decodeSlots,
    double streamSeconds,
    int mostInFlight,
    double noiseSeconds,
    double noiseShare) {

  public static final Weights DEFAULT = new Weights(2, 1, 0.05, 128, 8.6, 1024, 0.0005, 0.01);

  /** The same for engines that run this many times faster than life. */
  public Weights withSpeedUp(double speedUp) {
    return new Weights(
        uncached,
        secondJob,
        stalledStream,
        decodeSlots,
        streamSeconds / speedUp,
        mostInFlight,
        noiseSeconds / speedUp,
        noiseShare);
  }

  /** The same with another bound of requests an engine. */
  public Weights withMostInFlight(int bound) {
    return new Weights(
        uncached,
        secondJob,
        stalledStream,
        decodeSlots,
        streamSeconds,
        bound,
        noiseSeconds,
        noiseShare);
  }
}
