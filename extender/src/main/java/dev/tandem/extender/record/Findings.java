package dev.tandem.extender.record;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Collects what a segment's run comes to. One thread. */
final class Findings {
  private final String segment;
  private final Durations nanos = new Durations();
  private final Durations recorded = new Durations();
  private final List<Difference> differences = new ArrayList<>();
  private final List<Damage> damages = new ArrayList<>();
  private long line;
  private long same;
  private long better;
  private long worse;
  private long asGood;
  private long skipped;
  private long damaged;

  Findings(String segment) {
    this.segment = segment;
  }

  String segment() {
    return segment;
  }

  /** Number of the line that is being run. */
  long line() {
    return line;
  }

  void at(long number) {
    line = number;
  }

  void took(long now, Line.Call call) {
    nanos.add(now);
    recorded.add(TimeUnit.MICROSECONDS.toNanos(call.micros()));
  }

  void same() {
    same++;
  }

  void different(Difference difference) {
    switch (difference.kind()) {
      case BETTER -> better++;
      case WORSE -> worse++;
      case AS_GOOD -> asGood++;
    }
    if (differences.size() < SegmentResult.MOST_DIFFERENCES) {
      differences.add(difference);
    }
  }

  void damage(Damage damage) {
    damaged++;
    if (damages.size() < SegmentResult.MOST_DAMAGES) {
      damages.add(damage);
    }
  }

  /** A line that could be read but not used. */
  void unusable(Line what, Exception problem) {
    skipped += what instanceof Line.Call ? 1 : 0;
    String message = problem.getMessage();
    damage(
        new Damage(segment, line, message == null ? problem.getClass().getSimpleName() : message));
  }

  boolean damaged() {
    return damaged > 0;
  }

  SegmentResult result() {
    return new SegmentResult(
        segment,
        same + better + worse + asGood,
        same,
        better,
        worse,
        asGood,
        skipped,
        nanos,
        recorded,
        differences,
        damages,
        damaged);
  }
}
