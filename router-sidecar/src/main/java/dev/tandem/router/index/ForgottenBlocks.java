package dev.tandem.router.index;

/**
 * Remembers, for a while, that a block was held somewhere and is held nowhere now. 32 bits of each
 * hash in groups of four, the oldest of a group overwritten: 4 bytes a block, at most {@value
 * #MOST} blocks, about one false memory in a thousand at the bound. Not thread safe.
 */
final class ForgottenBlocks {

  static final int MOST = 1 << 20;

  private static final int WAYS = 4;
  private static final int FIRST = 1 << 10;

  private int[] marks = new int[FIRST];
  private int added;

  void add(long hash) {
    if (contains(hash)) {
      return;
    }
    if (added >= marks.length && marks.length < MOST) {
      grow();
    }
    put(mark(hash));
  }

  boolean contains(long hash) {
    int mark = mark(hash);
    int group = group(mark);
    for (int i = 0; i < WAYS; i++) {
      if (marks[group + i] == mark) {
        return true;
      }
    }
    return false;
  }

  /** Newest first in its group. */
  private void put(int mark) {
    int group = group(mark);
    System.arraycopy(marks, group, marks, group + 1, WAYS - 1);
    marks[group] = mark;
    added++;
  }

  private void grow() {
    int[] before = marks;
    marks = new int[before.length * 4];
    added = 0;
    for (int group = 0; group < before.length; group += WAYS) {
      for (int i = WAYS - 1; i >= 0; i--) {
        if (before[group + i] != 0) {
          put(before[group + i]);
        }
      }
    }
  }

  private int group(int mark) {
    return mark * WAYS & marks.length - 1;
  }

  private static int mark(long hash) {
    int mark = (int) (hash * 0x9E37_79B9_7F4A_7C15L >>> 32);
    return mark == 0 ? 1 : mark;
  }
}
