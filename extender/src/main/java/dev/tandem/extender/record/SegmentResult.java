package dev.tandem.extender.record;

import java.util.List;

/**
 * What running one segment again came to. Immutable but for the durations, which are not written to
 * any more.
 *
 * @param segment name of the file
 * @param calls calls answered again
 * @param same those answered as before
 * @param better those answered better than before, by today's reckoning
 * @param worse those answered worse
 * @param asGood those answered otherwise, but as well
 * @param skipped calls that could not be asked again, because of damaged lines
 * @param nanos time a call took now
 * @param recordedNanos time a call took when it was recorded
 * @param differences the first differences, at most {@value #MOST_DIFFERENCES}
 * @param damages the first damages, at most {@value #MOST_DAMAGES}
 * @param damaged how many damages there were
 */
public record SegmentResult(
    String segment,
    long calls,
    long same,
    long better,
    long worse,
    long asGood,
    long skipped,
    Durations nanos,
    Durations recordedNanos,
    List<Difference> differences,
    List<Damage> damages,
    long damaged) {
  /** Most differences of a segment that are told one by one. */
  public static final int MOST_DIFFERENCES = 10_000;

  /** Most damages of a segment that are told one by one. */
  public static final int MOST_DAMAGES = 100;

  public SegmentResult {
    differences = List.copyOf(differences);
    damages = List.copyOf(damages);
  }
}
