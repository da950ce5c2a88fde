package dev.tandem.extender.http;

import java.util.concurrent.Semaphore;

/**
 * How much is served at one time: at most {@value #MOST_CALLS} calls, with bodies of {@value
 * #MOST_BYTES} bytes between them. kube-scheduler asks one question at a time, so whoever finds the
 * doors shut is not the only one asking; it is told so at once and not kept waiting. Safe for many
 * threads.
 */
final class Doors {
  static final int MOST_CALLS = 32;

  /** Twice the largest body there may be. */
  static final int MOST_BYTES = 2 * ExtenderServer.MAX_BODY_BYTES;

  private final Semaphore calls = new Semaphore(MOST_CALLS);
  private final Semaphore bytes = new Semaphore(MOST_BYTES);

  /** Whether a call with a body of so many bytes may go in; if so, {@link #leave} follows. */
  boolean enter(int bodyBytes) {
    if (!calls.tryAcquire()) {
      return false;
    }
    if (!bytes.tryAcquire(bodyBytes)) {
      calls.release();
      return false;
    }
    return true;
  }

  void leave(int bodyBytes) {
    bytes.release(bodyBytes);
    calls.release();
  }

  int inside() {
    return MOST_CALLS - calls.availablePermits();
  }
}
