package dev.tandem.router.index;

import java.util.Arrays;

/**
 * A set of hashes with least-recently-used eviction, in flat arrays: a list of slots doubly linked
 * by age, found through an open-addressed table. Grows by doubling up to its capacity, so an idle
 * router pays for what it holds. Not thread safe.
 */
final class RecentBlocks {

  private static final int NONE = -1;
  private static final int FIRST_SLOTS = 64;

  private final int capacity;
  private long[] hash;
  private int[] older;
  private int[] newer;

  /** Slot + 1 at the hash's place or the next free one after it; 0 is free. */
  private int[] table;

  private int size;
  private int oldest = NONE;
  private int newest = NONE;

  RecentBlocks(int capacity) {
    this.capacity = capacity;
    int slots = Math.min(capacity, FIRST_SLOTS);
    hash = new long[slots];
    older = new int[slots];
    newer = new int[slots];
    table = new int[tableSize(slots)];
  }

  int size() {
    return size;
  }

  boolean contains(long block) {
    return table[place(block)] != 0;
  }

  /** Makes a block the newest, adding it if needed and dropping the oldest at the bound. */
  void touch(long block) {
    int place = place(block);
    if (table[place] != 0) {
      int slot = table[place] - 1;
      unlink(slot);
      linkNewest(slot);
      return;
    }
    int slot;
    if (size == capacity) {
      slot = oldest;
      remove(hash[slot]);
      unlink(slot);
    } else {
      if (size == hash.length) {
        grow();
      }
      slot = size++;
    }
    hash[slot] = block;
    table[place(block)] = slot + 1;
    linkNewest(slot);
  }

  /** Oldest first. */
  long[] recent(int limit) {
    long[] recent = new long[Math.min(limit, size)];
    int slot = newest;
    for (int i = recent.length - 1; i >= 0; i--) {
      recent[i] = hash[slot];
      slot = older[slot];
    }
    return recent;
  }

  private int place(long block) {
    int mask = table.length - 1;
    int place = home(block, mask);
    while (table[place] != 0 && hash[table[place] - 1] != block) {
      place = (place + 1) & mask;
    }
    return place;
  }

  /** Removes without tombstones: entries behind the hole that may move into it do. */
  private void remove(long block) {
    int mask = table.length - 1;
    int hole = place(block);
    int next = hole;
    while (true) {
      next = (next + 1) & mask;
      if (table[next] == 0) {
        break;
      }
      int home = home(hash[table[next] - 1], mask);
      boolean homeBetween =
          hole <= next ? hole < home && home <= next : hole < home || home <= next;
      if (!homeBetween) {
        table[hole] = table[next];
        hole = next;
      }
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
    int slots = (int) Math.min(capacity, 2L * hash.length);
    hash = Arrays.copyOf(hash, slots);
    older = Arrays.copyOf(older, slots);
    newer = Arrays.copyOf(newer, slots);
    table = new int[tableSize(slots)];
    for (int slot = 0; slot < size; slot++) {
      table[place(hash[slot])] = slot + 1;
    }
  }

  /** The power of two at least 4/3 of the slots: never full, so every search ends. */
  private static int tableSize(int slots) {
    return Integer.highestOneBit(Math.max(4, slots + slots / 3)) << 1;
  }

  private static int home(long block, int mask) {
    return (int) (block ^ (block >>> 32)) & mask;
  }
}
