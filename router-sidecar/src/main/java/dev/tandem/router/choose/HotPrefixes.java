package dev.tandem.router.choose;

/**
 * Which beginnings of prompts are so common that they do not tell requests apart: those of more
 * than half an engine's share of the requests. Counts {@value #COUNTERS} blocks by a part of their
 * hash; two that share a counter look hotter than they are, which only makes a key longer. Every
 * {@value #HALVE_AFTER} requests all counts halve, so that it follows the traffic. Used from one
 * thread.
 */
final class HotPrefixes {

  private static final int COUNTERS = 1 << 14;
  private static final int HALVE_AFTER = 4_096;

  // Of so few requests none is hot.
  private static final int LEAST_HOT = 8;

  private final int[] counts = new int[COUNTERS];
  private int requests;
  private int sinceHalved;

  /** The first block of a prompt that is not hot, or its last; chained hashes name all before. */
  long key(long[] blocks, int engines) {
    return blocks[keyAt(blocks, engines)];
  }

  /** Counts the blocks up to the key: what lies behind it tells no more. */
  void count(long[] blocks, int engines) {
    if (blocks.length == 0) {
      return;
    }
    int key = keyAt(blocks, engines);
    for (int i = 0; i <= key; i++) {
      counts[counter(blocks[i])]++;
    }
    requests++;
    if (++sinceHalved == HALVE_AFTER) {
      halve();
    }
  }

  private int keyAt(long[] blocks, int engines) {
    double hot = Math.max(LEAST_HOT, requests / (2.0 * engines));
    int at = 0;
    while (at < blocks.length - 1 && counts[counter(blocks[at])] > hot) {
      at++;
    }
    return at;
  }

  private void halve() {
    for (int i = 0; i < counts.length; i++) {
      counts[i] >>= 1;
    }
    requests >>= 1;
    sinceHalved = 0;
  }

  private static int counter(long hash) {
    return (int) (hash ^ (hash >>> 32)) & (COUNTERS - 1);
  }
}
