package dev.tandem.standin.schedule;

/**
 * How long an engine takes, in seconds of the modelled machine, and how much faster the stand-in
 * runs. docs/design/standin-model.md gives the argument for the defaults.
 *
 * @param prefillTokensPerSecond uncached prompt tokens computed a second
 * @param prefillOverheadSeconds fixed part of every prefill
 * @param secondsPerOutputToken time between two output tokens of one request
 * @param speedUp every modelled time is divided by this
 */
public record TimeModel(
    double prefillTokensPerSecond,
    double prefillOverheadSeconds,
    double secondsPerOutputToken,
    double speedUp) {
  /** 8000 tokens/s, 10 ms, 25 ms a token, real time. */
  public static final TimeModel DEFAULT = new TimeModel(8000, 0.010, 0.025, 1);

  private static final double NANOS = 1e9;

  public TimeModel {
    positive("prefillTokensPerSecond", prefillTokensPerSecond);
    positive("speedUp", speedUp);
    notNegative("prefillOverheadSeconds", prefillOverheadSeconds);
    notNegative("secondsPerOutputToken", secondsPerOutputToken);
  }

  /** Nanoseconds until the first token of a prompt with this many uncached tokens. */
  public long prefillNanos(int uncachedTokens) {
    return nanos(prefillOverheadSeconds + Math.max(1, uncachedTokens) / prefillTokensPerSecond);
  }

  /** Nanoseconds from the first output token to output token {@code index} (0 is the first). */
  public long decodeNanos(int index) {
    return nanos(index * secondsPerOutputToken);
  }

  /** Output tokens after the first one that are due this many nanoseconds after it. */
  public int decodedAfter(long nanos) {
    double steps = nanos / NANOS * speedUp / Math.max(secondsPerOutputToken, 1e-12);
    // the small surplus forgives the rounding of decodeNanos
    return (int) Math.min(Integer.MAX_VALUE, Math.floor(steps + 1e-6));
  }

  /** Modelled seconds as nanoseconds on the stand-in's clock. */
  public long nanos(double modelledSeconds) {
    return Math.round(modelledSeconds / speedUp * NANOS);
  }

  private static void positive(String name, double value) {
    if (!(value > 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException(name + " is " + value + ", must be above 0");
    }
  }

  private static void notNegative(String name, double value) {
    if (!(value >= 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException(name + " is " + value + ", must be 0 or more");
    }
  }
}
