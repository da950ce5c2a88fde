package dev.tandem.extender.record;

/**
 * What running a recording again came to. The counts are those of {@link SegmentResult}, over all
 * segments.
 *
 * @param segments segments run
 * @param nanos time a call took now
 * @param recordedNanos time a call took when it was recorded
 */
public record Summary(
    int segments,
    long calls,
    long same,
    long better,
    long worse,
    long asGood,
    long skipped,
    long damaged,
    Durations nanos,
    Durations recordedNanos) {

  /** Calls that are answered differently. */
  public long different() {
    return better + worse + asGood;
  }

  static final class Builder {
    private final Durations nanos = new Durations();
    private final Durations recorded = new Durations();
    private int segments;
    private long calls;
    private long same;
    private long better;
    private long worse;
    private long asGood;
    private long skipped;
    private long damaged;

    void add(SegmentResult result) {
      segments++;
      calls += result.calls();
      same += result.same();
      better += result.better();
      worse += result.worse();
      asGood += result.asGood();
      skipped += result.skipped();
      damaged += result.damaged();
      nanos.add(result.nanos());
      recorded.add(result.recordedNanos());
    }

    Summary build() {
      return new Summary(
          segments, calls, same, better, worse, asGood, skipped, damaged, nanos, recorded);
    }
  }
}
