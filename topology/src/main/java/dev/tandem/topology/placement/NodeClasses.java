package dev.tandem.topology.placement;

import java.util.Arrays;
import java.util.BitSet;

/**
 * Nodes that are as good as each other for a pod: same blocks, same free GPUs. The classes of one
 * path follow each other, fewer free GPUs first, and so do the nodes of a class, by number. One
 * thread; made for one question by counting, without a comparison.
 */
final class NodeClasses {
  private final int[] nodes;
  private final int[] start;
  private final int[] firstOfPath;
  private final int count;

  /**
   * @param free free GPUs by node number
   * @param members the nodes to sort, by number
   * @param apart nodes to leave out
   */
  NodeClasses(Blocks blocks, int[] free, int[] members, BitSet apart) {
    int most = -1;
    for (int node : members) {
      most = Math.max(most, free[node]);
    }
    int[] rank = new int[Math.max(0, most) + 2];
    for (int node : members) {
      rank[Math.max(-1, free[node]) + 1] = 1;
    }
    int values = 0;
    for (int i = 0; i < rank.length; i++) {
      values += rank[i];
      rank[i] = values - 1;
    }
    values = Math.max(1, values);
    int[] bucket = new int[blocks.paths() * values + 1];
    int kept = 0;
    for (int node : members) {
      if (!apart.get(node)) {
        bucket[blocks.path(node) * values + rank[Math.max(-1, free[node]) + 1]]++;
        kept++;
      }
    }
    int classes = 0;
    int at = 0;
    int[] starts = new int[Math.min(kept, bucket.length) + 1];
    firstOfPath = new int[blocks.paths() + 1];
    for (int path = 0; path < blocks.paths(); path++) {
      firstOfPath[path] = classes;
      for (int key = path * values; key < (path + 1) * values; key++) {
        int inside = bucket[key];
        bucket[key] = at;
        if (inside > 0) {
          starts[classes++] = at;
          at += inside;
        }
      }
    }
    firstOfPath[blocks.paths()] = classes;
    starts[classes] = at;
    nodes = new int[kept];
    for (int node : members) {
      if (!apart.get(node)) {
        nodes[bucket[blocks.path(node) * values + rank[Math.max(-1, free[node]) + 1]]++] = node;
      }
    }
    start = starts;
    count = classes;
  }

  int count() {
    return count;
  }

  int first(int of) {
    return nodes[start[of]];
  }

  int[] nodes(int of) {
    return Arrays.copyOfRange(nodes, start[of], start[of + 1]);
  }

  /** The first node of a class that is not in {@code taken}, or {@link Blocks#NONE}. */
  int firstWithout(int of, BitSet taken) {
    for (int i = start[of]; i < start[of + 1]; i++) {
      if (!taken.get(nodes[i])) {
        return nodes[i];
      }
    }
    return Blocks.NONE;
  }

  /** The first class of a path; that of the next path ends it. */
  int firstOf(int path) {
    return firstOfPath[path];
  }
}
