package dev.tandem.topology.imports;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Switches that serve the same things, as one block each: in a rail-optimised fabric every GPU of a
 * node has a leaf of its own, and the nodes below the same eight leaves are together, not apart.
 *
 * <p>Two switches are joined when what they share is more than half of what the larger serves. So a
 * dead cable parts nothing, and a storage switch that serves everybody joins nothing.
 */
final class SharedBlocks {
  /** Switches compared for one thing served; more than any node has ports or any leaf uplinks. */
  private static final int MOST_COMPARED = 256;

  private SharedBlocks() {}

  /**
   * Groups.
   *
   * @param served what each switch serves
   * @return the smallest member of the group of each switch
   */
  static Map<String, String> of(Map<String, Set<String>> served) {
    Map<String, List<String>> serving = new TreeMap<>();
    new TreeMap<>(served)
        .forEach((name, things) -> {
          for (String thing : things) {
            serving.computeIfAbsent(thing, t -> new ArrayList<>()).add(name);
          }
        });
    Map<String, Map<String, Integer>> shared = new HashMap<>();
    for (List<String> names : serving.values()) {
      int compared = Math.min(names.size(), MOST_COMPARED);
      for (int i = 0; i < compared; i++) {
        Map<String, Integer> others = shared.computeIfAbsent(names.get(i), n -> new HashMap<>());
        for (int j = i + 1; j < compared; j++) {
          others.merge(names.get(j), 1, Integer::sum);
        }
      }
    }
    Map<String, String> joined = new HashMap<>();
    served.keySet().forEach(name -> joined.put(name, name));
    shared.forEach((one, others) ->
        others.forEach((two, count) -> {
          if (2 * count > Math.max(size(served, one), size(served, two))) {
            union(joined, one, two);
          }
        }));
    Map<String, String> groups = new TreeMap<>();
    served.keySet().forEach(name -> groups.put(name, root(joined, name)));
    return groups;
  }

  /** The members of each group, by the name of the group. */
  static Map<String, Set<String>> members(Map<String, String> groups) {
    Map<String, Set<String>> members = new TreeMap<>();
    groups.forEach((name, group) -> members.computeIfAbsent(group, g -> new TreeSet<>()).add(name));
    return members;
  }

  /** The value met most often, the smaller name where two are. */
  static String most(Collection<String> values) {
    Map<String, Integer> counts = new TreeMap<>();
    values.forEach(value -> counts.merge(value, 1, Integer::sum));
    int most = Collections.max(counts.values());
    for (Map.Entry<String, Integer> entry : counts.entrySet()) {
      if (entry.getValue() == most) {
        return entry.getKey();
      }
    }
    throw new IllegalStateException("a maximum is one of the values");
  }

  private static int size(Map<String, Set<String>> served, String name) {
    return served.getOrDefault(name, Set.of()).size();
  }

  /** The smaller name becomes the root, whatever the order of joining. */
  private static void union(Map<String, String> joined, String one, String two) {
    String a = root(joined, one);
    String b = root(joined, two);
    int order = a.compareTo(b);
    if (order < 0) {
      joined.put(b, a);
    } else if (order > 0) {
      joined.put(a, b);
    }
  }

  private static String root(Map<String, String> joined, String name) {
    String root = name;
    for (String up = joined.getOrDefault(root, root); !up.equals(root); ) {
      joined.put(name, up);
      root = up;
      up = joined.getOrDefault(root, root);
    }
    return root;
  }
}
