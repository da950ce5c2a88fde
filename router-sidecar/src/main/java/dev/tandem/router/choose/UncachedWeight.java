package dev.tandem.router.choose;

import java.util.List;

/**
 * A on each engine: what a second of computing a prompt is worth in seconds of this request's own
 * wait. What is computed keeps those waiting who come behind, and the best guess of how many will
 * is how many wait now, there and elsewhere (docs/design/adaptive-weight.md). Immutable.
 */
final class UncachedWeight {

  /** Half of them: the others go where a queue is shorter. From 0.3 to 1 little changes. */
  static final double PER_REQUEST = 0.5;

  private final double idle;
  private final double meanPending;

  /**
   * The weights of one choice.
   *
   * @param idle A where nobody waits
   * @param engines those a prompt may be computed on
   */
  UncachedWeight(double idle, List<Candidate> engines) {
    this.idle = idle;
    long pending = 0;
    for (int i = 0; i < engines.size(); i++) {
      pending += engines.get(i).load().pendingRequests();
    }
    this.meanPending = engines.isEmpty() ? 0 : (double) pending / engines.size();
  }

  double on(Candidate engine) {
    return idle + PER_REQUEST * (engine.load().pendingRequests() + meanPending);
  }
}
