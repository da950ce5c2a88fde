package dev.tandem.topology.imports;

import dev.tandem.api.Level;
import dev.tandem.topology.facts.NameRange;
import dev.tandem.topology.facts.NodeFacts;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Switches, what hangs below them, and the nodes below the lowest: a tree as files write it down. A
 * second parent and a cycle are conflicts, and the tree goes on without that edge. One thread.
 */
final class SwitchTree {
  /** Levels by the height of a switch above the nodes; higher ones are not planned by. */
  private static final List<Level> BY_HEIGHT = List.of(Level.LEAF, Level.SPINE, Level.CORE);

  /** No fabric has more tiers than a handful; a chain of a million is an attack on our time. */
  private static final int MOST_DEEP = 64;

  private final Findings findings;
  private final Map<String, String> parents = new HashMap<>();
  private final Map<String, String> switchOfNode = new LinkedHashMap<>();
  private final Map<String, Map<Level, String>> besides = new HashMap<>();
  private final Set<String> switches = new LinkedHashSet<>();

  SwitchTree(Findings findings) {
    this.findings = findings;
  }

  void addSwitch(String name) {
    switches.add(name);
  }

  boolean knows(String name) {
    return switches.contains(name);
  }

  /** Hangs one switch below another, unless it hangs elsewhere or that closes a cycle. */
  void hang(String child, String parent, String place) {
    switches.add(parent);
    switches.add(child);
    String before = parents.get(child);
    if (before != null && !before.equals(parent)) {
      findings.conflict(
          "%s: switch %s is below %s and below %s; the first counts"
              .formatted(place, Source.shown(child), Source.shown(before), Source.shown(parent)));
      return;
    }
    List<String> above = chain(parent);
    if (above.contains(child)) {
      findings.conflict(
          "%s: switch %s below %s closes a cycle; left out"
              .formatted(place, Source.shown(child), Source.shown(parent)));
    } else if (above.size() >= MOST_DEEP) {
      findings.conflict(
          "%s: switch %s has more than %d switches above it; left out below %s"
              .formatted(place, Source.shown(child), MOST_DEEP, Source.shown(parent)));
    } else {
      parents.put(child, parent);
    }
  }

  /** Hangs nodes below a switch, or below none where it is null. */
  void hangNodes(
      Collection<String> nodes, @Nullable String parent, Map<Level, String> others, String place) {
    for (String node : nodes) {
      if (!Source.nodeName(node)) {
        findings.conflict(
            "%s: '%s' cannot be a node's name; left out".formatted(place, Source.shown(node)));
        continue;
      }
      if (besides.size() > NameRange.MAX_NAMES) {
        throw new ImportRefused(
            place + ": more than " + NameRange.MAX_NAMES + " nodes; accepted: at most that many");
      }
      if (parent != null) {
        switches.add(parent);
        String before = switchOfNode.putIfAbsent(node, parent);
        if (before != null && !before.equals(parent)) {
          findings.conflict(
              "%s: node %s is below %s and below %s; the first counts"
                  .formatted(place, node, Source.shown(before), Source.shown(parent)));
        }
      }
      Map<Level, String> known = besides.computeIfAbsent(node, n -> new EnumMap<>(Level.class));
      others.forEach((level, block) -> {
        String before = known.putIfAbsent(level, block);
        if (before != null && !before.equals(block)) {
          findings.conflict(
              "%s: node %s is in %s %s and %s; the first counts"
                  .formatted(
                      place, node, level.label(), Source.shown(before), Source.shown(block)));
        }
      });
    }
  }

  /** A switch and those above it, nearest first, at most {@value #MOST_DEEP}. */
  List<String> chain(@Nullable String name) {
    List<String> chain = new ArrayList<>();
    for (String up = name; up != null && chain.size() < MOST_DEEP; up = parents.get(up)) {
      chain.add(up);
    }
    return chain;
  }

  List<NodeFacts> nodes() {
    Map<String, Integer> heights = heights();
    Map<String, Map<Level, String>> above = new HashMap<>();
    Set<String> tooHigh = new TreeSet<>();
    List<NodeFacts> nodes = new ArrayList<>();
    besides.forEach((node, others) -> {
      Map<Level, String> levels = new EnumMap<>(Level.class);
      levels.putAll(others);
      String lowest = switchOfNode.get(node);
      if (lowest != null) {
        levels.putAll(above.computeIfAbsent(lowest, s -> levels(s, heights, tooHigh)));
      }
      nodes.add(new NodeFacts(node, levels, 0, null, 0, List.of()));
    });
    if (!tooHigh.isEmpty()) {
      findings.note(
          "%d switch%s above the core %s not planned by: %s"
              .formatted(
                  tooHigh.size(),
                  tooHigh.size() == 1 ? "" : "es",
                  tooHigh.size() == 1 ? "is" : "are",
                  Source.shown(String.join(", ", tooHigh))));
    }
    nodes.sort(Comparator.comparing(NodeFacts::name));
    return nodes;
  }

  private Map<Level, String> levels(
      String lowest, Map<String, Integer> heights, Set<String> tooHigh) {
    Map<Level, String> levels = new EnumMap<>(Level.class);
    for (String up : chain(lowest)) {
      int height = heights.getOrDefault(up, 0);
      if (height < BY_HEIGHT.size()) {
        levels.put(BY_HEIGHT.get(height), up);
      } else {
        tooHigh.add(up);
      }
    }
    return levels;
  }

  /** How many switches are below a switch on its longest way down. */
  private Map<String, Integer> heights() {
    Map<String, Integer> children = new HashMap<>();
    parents.values().forEach(parent -> children.merge(parent, 1, Integer::sum));
    Map<String, Integer> heights = new HashMap<>();
    List<String> done = new ArrayList<>();
    for (String name : switches) {
      if (!children.containsKey(name)) {
        heights.put(name, 0);
        done.add(name);
      }
    }
    for (int i = 0; i < done.size(); i++) {
      String name = done.get(i);
      String parent = parents.get(name);
      if (parent != null) {
        heights.merge(parent, heights.getOrDefault(name, 0) + 1, Math::max);
        if (children.merge(parent, -1, Integer::sum) == 0) {
          done.add(parent);
        }
      }
    }
    return heights;
  }
}
