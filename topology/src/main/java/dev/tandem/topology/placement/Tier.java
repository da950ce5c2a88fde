package dev.tandem.topology.placement;

import dev.tandem.api.Level;

/**
 * The nested blocks placement counts in, from near to far. A node without an NVLink domain is a
 * block of its own at {@link #BOARD}; a node that misses a farther level stays in the block it is
 * in, so every tier's blocks lie whole inside those of the next.
 */
enum Tier {
  NVLINK(Level.NVLINK),
  /** The NVLink domain, or the node itself (PCIe) where there is none. */
  BOARD(Level.NODE),
  LEAF(Level.LEAF),
  SPINE(Level.SPINE),
  CORE(Level.CORE),
  ZONE(Level.ZONE),
  /** Everything: the one block all nodes are in. */
  ALL(Level.ZONE);

  static final Tier[] VALUES = values();

  /** Tiers over which a pair has a known link. */
  static final int LINKED = ALL.ordinal();

  private final Level level;

  Tier(Level level) {
    this.level = level;
  }

  Level level() {
    return level;
  }
}
