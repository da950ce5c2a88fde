package dev.tandem.topology.placement;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Nodes that are as good as each other for a pod: same blocks, same free GPUs. By node number. */
final class NodeClasses {
  private NodeClasses() {}

  /** Every node that takes pods, but those in {@code apart}. */
  static List<int[]> open(Blocks blocks, Desk desk, BitSet apart) {
    Map<Long, List<Integer>> byClass = new LinkedHashMap<>();
    for (int node = 0; node < blocks.size(); node++) {
      if (desk.free(node) >= 0 && !apart.get(node)) {
        byClass.computeIfAbsent(key(node, blocks, desk), k -> new ArrayList<>()).add(node);
      }
    }
    return arrays(byClass);
  }

  /** The candidates that are known; each of those in {@code apart} is a class by itself. */
  static List<int[]> of(Collection<String> candidates, Blocks blocks, Desk desk, BitSet apart) {
    int[] sorted =
        candidates.stream()
            .mapToInt(blocks::indexOf)
            .filter(node -> node != Blocks.NONE)
            .sorted()
            .distinct()
            .toArray();
    Map<Long, List<Integer>> byClass = new LinkedHashMap<>();
    long alone = -1;
    for (int node : sorted) {
      long key = apart.get(node) ? alone-- : key(node, blocks, desk);
      byClass.computeIfAbsent(key, k -> new ArrayList<>()).add(node);
    }
    return arrays(byClass);
  }

  private static long key(int node, Blocks blocks, Desk desk) {
    return ((long) blocks.path(node) << 32) | (desk.free(node) & 0xffffffffL);
  }

  private static List<int[]> arrays(Map<Long, List<Integer>> byClass) {
    return byClass.values().stream()
        .map(nodes -> nodes.stream().mapToInt(i -> i).toArray())
        .toList();
  }
}
