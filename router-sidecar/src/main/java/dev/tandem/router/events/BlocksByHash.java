package dev.tandem.router.events;

import java.util.Arrays;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The engine's blocks by its hash: open addressing over two arrays, because boxed keys and entries
 * of a general map would double the memory of a block.
 *
 * @param <B> what is kept of a block
 */
final class BlocksByHash<B> {

  private static final int FIRST_PLACES = 64;

  private long[] hashes = new long[FIRST_PLACES];
  private @Nullable Object[] blocks = new Object[FIRST_PLACES];
  private int size;

  int size() {
    return size;
  }

  @SuppressWarnings("unchecked") // only put writes the array
  @Nullable B get(long hash) {
    return (B) blocks[place(hash)];
  }

  void put(long hash, B block) {
    int place = place(hash);
    if (blocks[place] == null) {
      if (4 * (size + 1) > 3 * hashes.length) {
        grow();
        place = place(hash);
      }
      size++;
    }
    hashes[place] = hash;
    blocks[place] = block;
  }

  /** Removes without tombstones: entries behind the hole that may move into it do. */
  void remove(long hash) {
    int mask = hashes.length - 1;
    int hole = place(hash);
    if (blocks[hole] == null) {
      return;
    }
    int next = hole;
    while (true) {
      next = (next + 1) & mask;
      if (blocks[next] == null) {
        break;
      }
      int home = home(hashes[next], mask);
      if (((next - home) & mask) >= ((next - hole) & mask)) {
        hashes[hole] = hashes[next];
        blocks[hole] = blocks[next];
        hole = next;
      }
    }
    blocks[hole] = null;
    size--;
  }

  /** The hashes of the blocks that are like this, in no order. */
  @SuppressWarnings("unchecked") // only put writes the array
  long[] hashes(Predicate<B> wanted) {
    long[] found = new long[size];
    int count = 0;
    for (int i = 0; i < blocks.length; i++) {
      if (blocks[i] != null && wanted.test((B) blocks[i])) {
        found[count++] = hashes[i];
      }
    }
    return Arrays.copyOf(found, count);
  }

  void clear() {
    hashes = new long[FIRST_PLACES];
    blocks = new Object[FIRST_PLACES];
    size = 0;
  }

  private int place(long hash) {
    int mask = hashes.length - 1;
    int place = home(hash, mask);
    while (blocks[place] != null && hashes[place] != hash) {
      place = (place + 1) & mask;
    }
    return place;
  }

  private void grow() {
    long[] oldHashes = hashes;
    @Nullable Object[] oldBlocks = blocks;
    hashes = new long[2 * oldHashes.length];
    blocks = new Object[2 * oldHashes.length];
    for (int i = 0; i < oldHashes.length; i++) {
      if (oldBlocks[i] != null) {
        int place = place(oldHashes[i]);
        hashes[place] = oldHashes[i];
        blocks[place] = oldBlocks[i];
      }
    }
  }

  private static int home(long hash, int mask) {
    return (int) (hash * 0x9E37_79B9_7F4A_7C15L >>> 40) & mask;
  }
}
