package dev.tandem.extender.record;

/**
 * How long things took, counted in buckets 1/16 of a power of two wide: quantiles are at most 6.25
 * % above the true value, in 8 KB for any number of values. One thread.
 */
public final class Durations {
  private static final int PARTS = 16;

  private final long[] counts = new long[64 * PARTS];
  private long count;

  void add(long nanos) {
    counts[bucket(Math.max(0, nanos))]++;
    count++;
  }

  void add(Durations others) {
    for (int i = 0; i < counts.length; i++) {
      counts[i] += others.counts[i];
    }
    count += others.count;
  }

  /** How many there are. */
  public long count() {
    return count;
  }

  /**
   * The value that a share of all do not exceed, in nanoseconds; 0 if there are none.
   *
   * @param share 0 to 1, e.g. 0.99
   */
  public long quantile(double share) {
    long wanted = (long) Math.ceil(share * count);
    long seen = 0;
    for (int i = 0; i < counts.length; i++) {
      seen += counts[i];
      if (seen >= wanted && counts[i] > 0) {
        return upper(i);
      }
    }
    return 0;
  }

  private static int bucket(long nanos) {
    if (nanos < PARTS) {
      return (int) nanos;
    }
    int exponent = 63 - Long.numberOfLeadingZeros(nanos);
    int part = (int) (nanos >>> (exponent - 4)) & (PARTS - 1);
    return (exponent - 3) * PARTS + part;
  }

  private static long upper(int bucket) {
    if (bucket < PARTS) {
      return bucket;
    }
    int exponent = bucket / PARTS + 3;
    long part = bucket % PARTS;
    return (1L << exponent) + ((part + 1) << (exponent - 4)) - 1;
  }
}
