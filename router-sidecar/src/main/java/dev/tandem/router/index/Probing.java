package dev.tandem.router.index;

/** Removal from tables with linear probing, without tombstones. */
final class Probing {

  private Probing() {}

  /** Whether the entry at {@code next}, whose home this is, may move back into the hole. */
  static boolean mayMove(int home, int hole, int next) {
    return hole <= next ? home <= hole || home > next : home <= hole && home > next;
  }
}
