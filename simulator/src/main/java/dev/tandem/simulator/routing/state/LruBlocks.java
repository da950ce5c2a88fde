package dev.tandem.simulator.routing.state;

import java.util.Arrays;

/**
 * A bounded set of blocks, least recently used out first, in flat arrays: slots doubly linked by
 * age, found through an open-addressed table. Not thread safe.
 */
public final class LruBlocks {
  private static final int NONE = -1;

  /** Hears of a block that came in or fell out. */
  @FunctionalInterface
  public interface Listener {
    void changed(int block, boolean held);
  }

  private static final Listener NOBODY = (block, held) -> {};

  private final int capacity;
  private final Listener listener;
  private int[] block = new int[64];
  private int[] older = new int[64];
  private int[] newer = new int[64];

  /** Slot + 1 at the block's place or the next free one after it; 0 is free. */
  private int[] table = new int[256];

  private int size;
  private int oldest = NONE;
  private int newest = NONE;

  public LruBlocks(int capacity) {
    this(capacity, NOBODY);
  }

  public LruBlocks(int capacity, Listener listener) {
    if (capacity < 1) {
      throw new IllegalArgumentException("capacity " + capacity + "; accepted: 1 or more");
    }
    this.capacity = capacity;
    this.listener = listener;
  }

  public int size() {
    return size;
  }

  public boolean contains(int id) {
    return table[place(id)] != 0;
  }

  /** How many leading ones of these blocks are held. */
  public int leading(int[] ids) {
    int matched = 0;
    while (matched < ids.length && contains(ids[matched])) {
      matched++;
    }
    return matched;
  }

  /** Touches the first blocks of a list in order, adding those that are missing. */
  public void touch(int[] ids, int first) {
    for (int i = 0; i < first; i++) {
      touch(ids[i]);
    }
  }

  /** Makes a block the newest, adding it if needed and dropping the oldest beyond the bound. */
  public void touch(int id) {
    int place = place(id);
    if (table[place] != 0) {
      int slot = table[place] - 1;
      unlink(slot);
      linkNewest(slot);
      return;
    }
    int slot;
    if (size == capacity) {
      slot = oldest;
      int dropped = block[slot];
      remove(dropped);
      unlink(slot);
      listener.changed(dropped, false);
    } else {
      if (size == block.length) {
        grow();
      }
      slot = size++;
    }
    block[slot] = id;
    table[place(id)] = slot + 1;
    linkNewest(slot);
    listener.changed(id, true);
  }

  /** Drops everything. */
  public void clear() {
    for (int slot = 0; slot < size; slot++) {
      listener.changed(block[slot], false);
    }
    Arrays.fill(table, 0);
    size = 0;
    oldest = NONE;
    newest = NONE;
  }

  private int place(int id) {
    int mask = table.length - 1;
    int place = home(id, mask);
    while (table[place] != 0 && block[table[place] - 1] != id) {
      place = (place + 1) & mask;
    }
    return place;
  }

  /** Removes without tombstones: entries behind the hole that may move into it do. */
  private void remove(int id) {
    int mask = table.length - 1;
    int hole = place(id);
    int next = (hole + 1) & mask;
    while (table[next] != 0) {
      int home = home(block[table[next] - 1], mask);
      if (((next - home) & mask) >= ((next - hole) & mask)) {
        table[hole] = table[next];
        hole = next;
      }
      next = (next + 1) & mask;
    }
    table[hole] = 0;
  }

  private void unlink(int slot) {
    int before = older[slot];
    int after = newer[slot];
    if (before == NONE) {
      oldest = after;
    } else {
      newer[before] = after;
    }
    if (after == NONE) {
      newest = before;
    } else {
      older[after] = before;
    }
  }

  private void linkNewest(int slot) {
    older[slot] = newest;
    newer[slot] = NONE;
    if (newest == NONE) {
      oldest = slot;
    } else {
      newer[newest] = slot;
    }
    newest = slot;
  }

  private void grow() {
    int slots = (int) Math.min(capacity, 2L * block.length);
    block = Arrays.copyOf(block, slots);
    older = Arrays.copyOf(older, slots);
    newer = Arrays.copyOf(newer, slots);
    table = new int[Integer.highestOneBit(slots) << 2];
    for (int slot = 0; slot < size; slot++) {
      table[place(block[slot])] = slot + 1;
    }
  }

  private static int home(int id, int mask) {
    return (id * 0x9E3779B1) >>> 7 & mask;
  }
}
