package dev.tandem.router.choose;

import java.util.List;

/**
 * A on each engine: what a second of computing a prompt is worth in seconds of this request's own
 * wait. Where caches are too small, what is computed pushes out what will be computed again, and
 * that keeps those waiting who come behind; the best guess of how many will is how many wait now,
 * there and elsewhere. Where nothing is pushed out, computing a prompt a second time makes a copy
 * that pays later, so there A is 1 however long the queues (docs/design/adaptive-weight.md).
 * Immutable.
 */
final class UncachedWeight {
  private final double idle;
  private final boolean everywhere;
  private final double meanPending;

  /**
   * The weights of one choice.
   *
   * @param idle A where nobody waits
   * @param engines those a prompt may be computed on
   */
  UncachedWeight(double idle, List<Candidate> engines) {
    this.idle = idle;
    this.everywhere = false;
    long pending = 0;
    for (int i = 0; i < engines.size(); i++) {
      pending += engines.get(i).load().pendingRequests();
    }
    this.meanPending = engines.isEmpty() ? 0 : (double) pending / engines.size();
  }

  private UncachedWeight(double weight) {
    this.idle = weight;
    this.everywhere = true;
    this.meanPending = 0;
  }

  /** The same number on every engine, whatever waits there. */
  static UncachedWeight constant(double weight) {
    return new UncachedWeight(weight);
  }

  double on(Candidate engine) {
    return everywhere ? idle : 1 + (idle - 1) * (1 + engine.load().pendingRequests() + meanPending);
  }
}
