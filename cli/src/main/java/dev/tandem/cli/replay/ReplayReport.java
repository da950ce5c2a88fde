package dev.tandem.cli.replay;

import dev.tandem.extender.record.SegmentResult;
import dev.tandem.extender.record.Summary;

/** Tells what a replay found. One thread. */
interface ReplayReport {
  /** A segment is done; they come in order. */
  void segment(SegmentResult result);

  /** Everything is done. */
  void summary(Summary summary, double seconds, int threads);
}
