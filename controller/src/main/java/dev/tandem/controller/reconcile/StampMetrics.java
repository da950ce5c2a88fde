package dev.tandem.controller.reconcile;

import java.util.function.IntSupplier;

/** What the loop tells of itself. Called by its worker; must not block. */
public interface StampMetrics {

  /**
   * A stamp was written; the same one again, to no effect, where a look at everything came before
   * the watch had shown it.
   *
   * @param corrected whether another value stood there
   */
  void stamped(boolean corrected);

  /** The API server refused a stamp, or did not answer. */
  void failed();

  /**
   * Every pod was looked at.
   *
   * @param unknown opted-in pods bound to nodes whose place is not known
   */
  void looked(long unknown);

  /** How many pods wait; asked on any thread. */
  void waiting(IntSupplier pods);
}
