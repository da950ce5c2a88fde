package dev.tandem.router.index;

import java.util.Arrays;

/**
 * From a block's hash to the set of engines that hold it: one bit an engine and lane, in flat
 * arrays. A lane is a tier. Not thread safe.
 *
 * <p>A record is the hash and the bits. Records stay where they are, in chunks of {@value
 * #CHUNK_RECORDS}, so growing copies nothing and the blocks of a prompt, recorded in order, lie in
 * order: a walk along a prompt finds the next block beside the one before and rarely asks the hash
 * table. The table is cut into {@value #SEGMENTS} segments that grow one by one, so no single
 * insertion has to move all of it.
 */
final class BlockTable {

  static final int NONE = -1;

  private static final int CHUNK_SHIFT = 12;
  private static final int CHUNK_RECORDS = 1 << CHUNK_SHIFT;
  private static final int SEGMENT_SHIFT = 6;
  private static final int SEGMENTS = 1 << SEGMENT_SHIFT;
  private static final int FIRST_PLACES = 8;

  private int lanes = 1;
  private int words = 1;
  private int stride = 2;
  private long[][] chunks = new long[8][];

  /** Records handed out so far, free ones among them. */
  private int made;

  /** The first free record; each names the next where its first bits would be. */
  private int free = NONE;

  private int size;

  /** Record + 1 at the hash's place or the next free one after it; 0 is free. */
  private final int[][] segments = new int[SEGMENTS][FIRST_PLACES];

  private final int[] filled = new int[SEGMENTS];

  int size() {
    return size;
  }

  int words() {
    return words;
  }

  int lanes() {
    return lanes;
  }

  long hash(int record) {
    return chunk(record)[base(record)];
  }

  /** 64 engines' bits in one lane. */
  long bits(int record, int lane, int word) {
    return chunk(record)[base(record) + 1 + lane * words + word];
  }

  /** The record of a hash, or {@link #NONE}. */
  int find(long hash) {
    int[] table = segments[segment(hash)];
    return table[place(table, hash)] - 1;
  }

  /** The record of a hash, looked for first where it lies if it was recorded after another. */
  int findAfter(int before, long hash) {
    int guess = before + 1;
    if (guess < made && hash != 0 && hash(guess) == hash) {
      return guess;
    }
    return find(hash);
  }

  /** The record of a hash, made without any bit if there was none. */
  int record(long hash) {
    int segment = segment(hash);
    int[] table = segments[segment];
    int place = place(table, hash);
    if (table[place] != 0) {
      return table[place] - 1;
    }
    if (4 * (filled[segment] + 1) > 3 * table.length) {
      table = grow(segment);
      place = place(table, hash);
    }
    int record = take();
    chunk(record)[base(record)] = hash;
    table[place] = record + 1;
    filled[segment]++;
    size++;
    return record;
  }

  /** Sets an engine's bit. */
  void set(int record, int lane, int engine) {
    if (lane >= lanes || engine >>> 6 >= words) {
      widen(Math.max(lanes, lane + 1), Math.max(words, (engine >>> 6) + 1));
    }
    chunk(record)[base(record) + 1 + lane * words + (engine >>> 6)] |= 1L << engine;
  }

  boolean isSet(int record, int lane, int engine) {
    return lane < lanes
        && engine >>> 6 < words
        && (bits(record, lane, engine >>> 6) >>> engine & 1) != 0;
  }

  /** Whether the engine has the block in any lane. */
  boolean isSet(int record, int engine) {
    for (int lane = 0; lane < lanes; lane++) {
      if (isSet(record, lane, engine)) {
        return true;
      }
    }
    return false;
  }

  /** Takes an engine's bit from one lane. */
  void unset(int record, int lane, int engine) {
    if (lane < lanes && engine >>> 6 < words) {
      chunk(record)[base(record) + 1 + lane * words + (engine >>> 6)] &= ~(1L << engine);
    }
  }

  /** Gives a record up once no engine has it; true when it was given up. */
  boolean releaseIfUnheld(int record) {
    long[] chunk = chunk(record);
    int base = base(record);
    for (int i = 1; i < stride; i++) {
      if (chunk[base + i] != 0) {
        return false;
      }
    }
    remove(chunk[base]);
    chunk[base] = 0;
    chunk[base + 1] = free;
    free = record;
    size--;
    return true;
  }

  private int take() {
    if (free != NONE) {
      int record = free;
      long[] chunk = chunk(record);
      free = (int) chunk[base(record) + 1];
      chunk[base(record) + 1] = 0;
      return record;
    }
    int number = made >>> CHUNK_SHIFT;
    if (number == chunks.length) {
      chunks = Arrays.copyOf(chunks, chunks.length * 2);
    }
    if ((made & CHUNK_RECORDS - 1) == 0) {
      chunks[number] = new long[CHUNK_RECORDS * stride];
    }
    return made++;
  }

  /** Makes room for more engines or tiers in every record. Rare: a pool grows by 64 engines. */
  private void widen(int newLanes, int newWords) {
    int newStride = 1 + newLanes * newWords;
    for (int i = 0; i < chunks.length && chunks[i] != null; i++) {
      long[] wide = new long[CHUNK_RECORDS * newStride];
      for (int r = 0; r < CHUNK_RECORDS; r++) {
        wide[r * newStride] = chunks[i][r * stride];
        for (int lane = 0; lane < lanes; lane++) {
          System.arraycopy(
              chunks[i],
              r * stride + 1 + lane * words,
              wide,
              r * newStride + 1 + lane * newWords,
              words);
        }
      }
      chunks[i] = wide;
    }
    lanes = newLanes;
    words = newWords;
    stride = newStride;
  }

  private long[] chunk(int record) {
    return chunks[record >>> CHUNK_SHIFT];
  }

  private int base(int record) {
    return (record & CHUNK_RECORDS - 1) * stride;
  }

  private static int segment(long hash) {
    return (int) (mixed(hash) >>> 64 - SEGMENT_SHIFT);
  }

  private int place(int[] table, long hash) {
    int mask = table.length - 1;
    int place = home(hash, mask);
    while (table[place] != 0 && hash(table[place] - 1) != hash) {
      place = (place + 1) & mask;
    }
    return place;
  }

  /** Removes without tombstones: entries behind the hole that may move into it do. */
  private void remove(long hash) {
    int segment = segment(hash);
    int[] table = segments[segment];
    int mask = table.length - 1;
    int hole = place(table, hash);
    int next = hole;
    while (true) {
      next = (next + 1) & mask;
      if (table[next] == 0) {
        break;
      }
      if (Probing.mayMove(home(hash(table[next] - 1), mask), hole, next)) {
        table[hole] = table[next];
        hole = next;
      }
    }
    table[hole] = 0;
    filled[segment]--;
  }

  private int[] grow(int segment) {
    int[] before = segments[segment];
    int[] table = new int[before.length * 2];
    for (int entry : before) {
      if (entry != 0) {
        table[place(table, hash(entry - 1))] = entry;
      }
    }
    segments[segment] = table;
    return table;
  }

  private static int home(long hash, int mask) {
    return (int) (mixed(hash) >>> 28) & mask;
  }

  /** Fibonacci hashing: the bits a table looks at depend on every bit. */
  private static long mixed(long hash) {
    return hash * 0x9E37_79B9_7F4A_7C15L;
  }
}
