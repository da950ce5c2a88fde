package dev.tandem.router.index;

import java.util.Arrays;

/**
 * The records one engine holds, by age: a doubly linked list in flat arrays, found through an
 * open-addressed table, 17 to 26 bytes a block. Grows by a quarter up to its capacity, so an idle
 * router pays for what it holds. Not thread safe.
 */
final class EngineBlocks {

  private static final int NONE = -1;
  private static final int FIRST_SLOTS = 64;

  private int capacity;
  private int[] record;
  private int[] older;
  private int[] newer;

  /** Slot + 1 at the record's place or the next free one after it; 0 is free. */
  private int[] table;

  private int made;
  private int free = NONE;
  private int size;
  private int oldest = NONE;
  private int newest = NONE;

  EngineBlocks(int capacity) {
    this.capacity = capacity;
    int slots = Math.min(capacity, FIRST_SLOTS);
    record = new int[slots];
    older = new int[slots];
    newer = new int[slots];
    table = new int[tableSize(slots)];
  }

  int size() {
    return size;
  }

  int capacity() {
    return capacity;
  }

  /** Sets the bound; the caller takes away what is beyond it. */
  void capacity(int most) {
    capacity = most;
  }

  /** The record least recently touched, or {@link BlockTable#NONE}. */
  int oldest() {
    return oldest == NONE ? BlockTable.NONE : record[oldest];
  }

  /** Makes a record the newest, adding it if needed. There must be room for it. */
  void touch(int touched) {
    int place = place(touched);
    int slot = table[place] - 1;
    if (slot == NONE) {
      slot = take();
      record[slot] = touched;
      table[place(touched)] = slot + 1;
      size++;
    } else {
      unlink(slot);
    }
    linkNewest(slot);
  }

  void remove(int gone) {
    int slot = table[place(gone)] - 1;
    if (slot == NONE) {
      return;
    }
    unplace(gone);
    unlink(slot);
    older[slot] = free;
    free = slot;
    size--;
  }

  /** The newest records, at most {@code limit}, oldest first. */
  int[] recent(int limit) {
    int[] recent = new int[Math.min(limit, size)];
    int slot = newest;
    for (int i = recent.length - 1; i >= 0; i--) {
      recent[i] = record[slot];
      slot = older[slot];
    }
    return recent;
  }

  private int take() {
    if (free != NONE) {
      int slot = free;
      free = older[slot];
      return slot;
    }
    if (made == record.length) {
      grow();
    }
    return made++;
  }

  private int place(int wanted) {
    int mask = table.length - 1;
    int place = home(wanted, mask);
    while (table[place] != 0 && record[table[place] - 1] != wanted) {
      place = (place + 1) & mask;
    }
    return place;
  }

  private void unplace(int gone) {
    int mask = table.length - 1;
    int hole = place(gone);
    int next = hole;
    while (true) {
      next = (next + 1) & mask;
      if (table[next] == 0) {
        break;
      }
      if (Probing.mayMove(home(record[table[next] - 1], mask), hole, next)) {
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
    int slots = (int) Math.min(Math.max(capacity, made + 1), made + made / 4 + 1L);
    record = Arrays.copyOf(record, slots);
    older = Arrays.copyOf(older, slots);
    newer = Arrays.copyOf(newer, slots);
    if (tableSize(slots) > table.length) {
      table = new int[tableSize(slots)];
      for (int slot = oldest; slot != NONE; slot = newer[slot]) {
        table[place(record[slot])] = slot + 1;
      }
    }
  }

  /** The power of two at least 4/3 of the slots: never full, so every search ends. */
  private static int tableSize(int slots) {
    return Integer.highestOneBit(Math.max(4, slots + slots / 3)) << 1;
  }

  private static int home(int record, int mask) {
    return (record * 0x9E37_79B9 >>> 7) & mask;
  }
}
