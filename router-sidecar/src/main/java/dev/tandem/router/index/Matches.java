package dev.tandem.router.index;

import java.util.Arrays;

/**
 * What one lookup found, for every engine at once. Belongs to the index that filled it and is
 * overwritten by its next lookup, so a lookup allocates nothing. Not thread safe.
 */
public final class Matches {

  private final EngineIds ids;
  private int[] blocks = new int[64];
  private double[] worth = new double[64];
  private int longest;
  private int lost;

  Matches(EngineIds ids) {
    this.ids = ids;
  }

  /** How many leading blocks of the prompt the engine is believed to hold, in any tier. */
  public int blocks(String engine) {
    int id = ids.known(engine);
    return id == EngineIds.NONE || id >= blocks.length ? 0 : blocks[id];
  }

  /** The same, each block counted by the {@link Tier#weight} of the best tier it is in. */
  public double worth(String engine) {
    int id = ids.known(engine);
    return id == EngineIds.NONE || id >= worth.length ? 0 : worth[id];
  }

  /** The most leading blocks any engine holds. */
  public int longest() {
    return longest;
  }

  /**
   * How many blocks after those were held by some engine once and are held by none now: what the
   * caches were too small for. Over the prompt's blocks it is the cache pressure of this request.
   */
  public int lost() {
    return lost;
  }

  void reset() {
    if (blocks.length < ids.end()) {
      blocks = new int[2 * ids.end()];
      worth = new double[2 * ids.end()];
    } else {
      Arrays.fill(blocks, 0, ids.end(), 0);
      Arrays.fill(worth, 0, ids.end(), 0);
    }
    longest = 0;
    lost = 0;
  }

  /** Keeps the better of what is known of an engine. */
  void found(int id, int leading, double value) {
    if (value > worth[id]) {
      worth[id] = value;
      blocks[id] = leading;
    }
  }

  void longest(int leading) {
    longest = Math.max(longest, leading);
  }

  void lost(int count) {
    lost = Math.max(lost, count);
  }
}
