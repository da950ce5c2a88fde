package dev.tandem.extender.record;

import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * The last few sets of candidates: a call's candidates are mostly those of an earlier one but for a
 * few nodes that filled up or came free since. Writer and reader keep the same sets, at most
 * {@value #KEPT}. One thread.
 */
final class CandidateSets {
  static final int KEPT = 8;

  /**
   * Balances the text of a new set, thousands of numbers if it is full of gaps, against differences
   * that grow with every pod that is bound.
   */
  static final int MOST_DIFFERENT = 64;

  private final ArrayDeque<Numbered> kept = new ArrayDeque<>();
  private int next;

  private record Numbered(int id, BitSet nodes) {}

  /**
   * How a set differs from a kept one.
   *
   * @param of that one's id
   * @param nodes those in one of the two alone
   */
  record Difference(int of, BitSet nodes) {}

  /** The difference to the most alike of the kept sets, or null if none is alike enough. */
  @Nullable Difference nearest(BitSet set) {
    Difference nearest = null;
    int fewest = MOST_DIFFERENT + 1;
    for (Numbered one : kept) {
      BitSet differ = (BitSet) one.nodes().clone();
      differ.xor(set);
      int count = differ.cardinality();
      if (count < fewest) {
        fewest = count;
        nearest = new Difference(one.id(), differ);
      }
    }
    return nearest;
  }

  /** Keeps a set, the oldest making way; returns its id. */
  int add(BitSet set) {
    int id = next++;
    put(id, set);
    return id;
  }

  /** Keeps a set under the id it was written with. */
  void put(int id, BitSet set) {
    kept.addFirst(new Numbered(id, set));
    if (kept.size() > KEPT) {
      kept.removeLast();
    }
  }

  /** The kept set of this id, or null. */
  @Nullable BitSet get(int id) {
    Iterator<Numbered> all = kept.iterator();
    while (all.hasNext()) {
      Numbered one = all.next();
      if (one.id() == id) {
        return one.nodes();
      }
    }
    return null;
  }
}
