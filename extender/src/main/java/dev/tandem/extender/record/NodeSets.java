package dev.tandem.extender.record;

import java.util.BitSet;

/** Sets of node numbers as text: {@code 0-31,40,42-47}; empty text for none. */
final class NodeSets {
  /** More nodes than a cluster has; a larger number is garbage and must not cost memory. */
  static final int MOST_NODES = 1 << 20;

  private NodeSets() {}

  static String text(BitSet set) {
    StringBuilder text = new StringBuilder();
    for (int from = set.nextSetBit(0); from >= 0; ) {
      int end = set.nextClearBit(from);
      text.append(text.isEmpty() ? "" : ",").append(from);
      if (end - from > 1) {
        text.append('-').append(end - 1);
      }
      from = set.nextSetBit(end);
    }
    return text.toString();
  }

  /**
   * The set a text stands for.
   *
   * @throws IllegalArgumentException if it stands for none; the message has the part and what is
   *     accepted
   */
  static BitSet parse(String text) {
    BitSet set = new BitSet();
    if (text.isEmpty()) {
      return set;
    }
    for (String part : text.split(",", -1)) {
      int dash = part.indexOf('-');
      int from = number(dash < 0 ? part : part.substring(0, dash), part);
      int to = dash < 0 ? from : number(part.substring(dash + 1), part);
      if (to < from) {
        throw wrong(part);
      }
      set.set(from, to + 1);
    }
    return set;
  }

  private static int number(String digits, String part) {
    try {
      int number = Integer.parseInt(digits);
      if (number >= 0 && number < MOST_NODES) {
        return number;
      }
    } catch (NumberFormatException e) {
      // told below, with the numbers out of range
    }
    throw wrong(part);
  }

  private static IllegalArgumentException wrong(String part) {
    String shown = part.length() > 40 ? part.substring(0, 40) + "..." : part;
    return new IllegalArgumentException(
        "nodes '"
            + shown
            + "'; accepted: numbers below "
            + MOST_NODES
            + " and ranges, e.g. 0-31,40");
  }
}
