package dev.tandem.topology.placement;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;

/**
 * Finds the number of a name by its UTF-8. A scheduler sends thousands of names with every
 * question: making Strings of them was more than half of decoding it, and looking those up in a map
 * of objects an eighth of answering it, most of it waiting for memory. Here they lie in one array,
 * and a look-up touches three. Immutable.
 */
public final class NameIndex {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /**
   * 2^64 over the golden ratio, made odd: spreads what differs in few bits (Knuth, vol. 3, 6.4).
   */
  private static final long SPREAD = 0x9E3779B97F4A7C15L;

  private final byte[] text;

  /** Where each name begins; one more for the end of the last. */
  private final int[] starts;

  private final int[] hashes;

  /** Numbers by hash, the next free cell taken where two meet; at most half full. */
  private final int[] cells;

  /**
   * @param names none twice; the number of each is its position
   */
  public NameIndex(Collection<String> names) {
    byte[][] each =
        names.stream().map(name -> name.getBytes(StandardCharsets.UTF_8)).toArray(byte[][]::new);
    starts = new int[each.length + 1];
    for (int i = 0; i < each.length; i++) {
      starts[i + 1] = starts[i] + each[i].length;
    }
    text = new byte[starts[each.length]];
    hashes = new int[each.length];
    cells = new int[Integer.highestOneBit(Math.max(1, each.length)) * 4];
    Arrays.fill(cells, Blocks.NONE);
    for (int i = 0; i < each.length; i++) {
      System.arraycopy(each[i], 0, text, starts[i], each[i].length);
      hashes[i] = hash(each[i], 0, each[i].length);
      int cell = hashes[i] & (cells.length - 1);
      while (cells[cell] != Blocks.NONE) {
        cell = (cell + 1) & (cells.length - 1);
      }
      cells[cell] = i;
    }
  }

  /** The number of the name between two positions, or {@link Blocks#NONE}. */
  public int of(byte[] utf8, int from, int to) {
    int hash = hash(utf8, from, to);
    int cell = hash & (cells.length - 1);
    while (cells[cell] != Blocks.NONE) {
      int number = cells[cell];
      if (hashes[number] == hash
          && Arrays.equals(utf8, from, to, text, starts[number], starts[number + 1])) {
        return number;
      }
      cell = (cell + 1) & (cells.length - 1);
    }
    return Blocks.NONE;
  }

  private static int hash(byte[] utf8, int from, int to) {
    long hash = to - from;
    int at = from;
    for (; at + Long.BYTES <= to; at += Long.BYTES) {
      hash = mixed(hash, (long) LONGS.get(utf8, at));
    }
    long rest = 0;
    for (; at < to; at++) {
      rest = rest << Byte.SIZE | (utf8[at] & 0xff);
    }
    return (int) (mixed(hash, rest) >>> 32);
  }

  private static long mixed(long hash, long more) {
    long product = (hash ^ more) * SPREAD;
    return product ^ product >>> 32;
  }
}
