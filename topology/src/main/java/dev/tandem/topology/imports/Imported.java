package dev.tandem.topology.imports;

import dev.tandem.api.Level;
import dev.tandem.topology.facts.BlockName;
import dev.tandem.topology.facts.LinkSpeeds;
import dev.tandem.topology.facts.NameRange;
import dev.tandem.topology.facts.NodeFacts;
import dev.tandem.topology.facts.TopologyFile;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What one or several descriptions say about a cluster. Immutable.
 *
 * @param nodes the nodes, by name
 * @param links link speeds seen, by level
 * @param findings notes, gaps and conflicts, in the order they were met
 */
public record Imported(List<NodeFacts> nodes, Map<Level, Span> links, List<Finding> findings) {

  public Imported {
    nodes = List.copyOf(nodes);
    EnumMap<Level, Span> sorted = new EnumMap<>(Level.class);
    sorted.putAll(links);
    links = Collections.unmodifiableMap(sorted);
    findings = List.copyOf(findings);
  }

  /**
   * Several descriptions as one: a node's levels are joined, and where two differ the earlier one
   * counts and the difference is a conflict.
   *
   * @throws ImportRefused if together they name more nodes than {@link NameRange#MAX_NAMES}
   */
  public static Imported merge(List<Imported> parts) {
    Findings findings = new Findings();
    Map<String, NodeFacts> nodes = new TreeMap<>();
    EnumMap<Level, Span> links = new EnumMap<>(Level.class);
    for (Imported part : parts) {
      findings.addAll(part.findings());
      for (NodeFacts node : part.nodes()) {
        NodeFacts usable = usable(node, findings);
        NodeFacts before = nodes.get(node.name());
        nodes.put(node.name(), before == null ? usable : join(before, usable, findings));
      }
      part.links().forEach((level, span) -> links.merge(level, span, Span::and));
    }
    if (nodes.size() > NameRange.MAX_NAMES) {
      throw new ImportRefused(
          "%d nodes; accepted: at most %d".formatted(nodes.size(), NameRange.MAX_NAMES));
    }
    links.forEach((level, span) -> spread(level, span, findings));
    gaps(nodes, findings);
    return new Imported(new ArrayList<>(nodes.values()), links, findings.list());
  }

  /**
   * As the file the extender reads.
   *
   * @param gpus GPUs of a node where no description says
   */
  public TopologyFile file(int gpus) {
    EnumMap<Level, LinkSpeeds.Link> speeds = new EnumMap<>(Level.class);
    links.forEach((level, span) ->
        speeds.put(level, new LinkSpeeds.Link(span.narrowest(), span.transport())));
    List<NodeFacts> counted =
        nodes.stream()
            .map(node ->
                new NodeFacts(
                    node.name(),
                    node.levels(),
                    node.gpus() > 0 ? node.gpus() : gpus,
                    node.gpuProduct(),
                    node.gpuMemoryMebibytes(),
                    List.of()))
            .toList();
    return new TopologyFile(counted, speeds, Map.of(), Map.of(), Map.of());
  }

  /** Without the blocks whose names no file could hold. */
  private static NodeFacts usable(NodeFacts node, Findings findings) {
    if (node.levels().values().stream().allMatch(name -> BlockName.problem(name) == null)) {
      return node;
    }
    EnumMap<Level, String> levels = new EnumMap<>(Level.class);
    node.levels()
        .forEach((level, name) -> {
          String problem = BlockName.problem(name);
          if (problem == null) {
            levels.put(level, name);
          } else {
            findings.conflict(
                "node %s: %s '%s' has a %s; left out"
                    .formatted(node.name(), level.label(), BlockName.shown(name), problem));
          }
        });
    return new NodeFacts(
        node.name(),
        levels,
        node.gpus(),
        node.gpuProduct(),
        node.gpuMemoryMebibytes(),
        node.problems());
  }

  private static NodeFacts join(NodeFacts first, NodeFacts second, Findings findings) {
    Map<Level, String> levels = new LinkedHashMap<>(first.levels());
    second
        .levels()
        .forEach((level, block) -> {
          String before = levels.putIfAbsent(level, block);
          if (before != null && !before.equals(block)) {
            findings.conflict(
                "node %s: %s %s and %s; the first counts"
                    .formatted(first.name(), level.label(), before, block));
          }
        });
    if (first.gpus() > 0 && second.gpus() > 0 && first.gpus() != second.gpus()) {
      findings.conflict(
          "node %s: %d and %d GPUs; the first counts"
              .formatted(first.name(), first.gpus(), second.gpus()));
    }
    return new NodeFacts(
        first.name(),
        levels,
        first.gpus() > 0 ? first.gpus() : second.gpus(),
        first.gpuProduct() == null ? second.gpuProduct() : first.gpuProduct(),
        Math.max(first.gpuMemoryMebibytes(), second.gpuMemoryMebibytes()),
        List.of());
  }

  private static void spread(Level level, Span span, Findings findings) {
    if (span.widest() > span.narrowest()) {
      findings.note(
          "links.%s: %s to %s GB/s seen; the narrowest counts"
              .formatted(level.label(), number(span.narrowest()), number(span.widest())));
    }
  }

  private static void gaps(Map<String, NodeFacts> nodes, Findings findings) {
    Map<String, List<String>> gaps = new LinkedHashMap<>();
    nodes
        .values()
        .forEach(node -> {
          Map<Level, String> levels = node.levels();
          if (levels.isEmpty()) {
            gaps.computeIfAbsent("in no block", g -> new ArrayList<>()).add(node.name());
          } else if (!levels.containsKey(Level.LEAF)
              && (levels.containsKey(Level.SPINE) || levels.containsKey(Level.CORE))) {
            gaps.computeIfAbsent("below no leaf", g -> new ArrayList<>()).add(node.name());
          } else if (levels.containsKey(Level.LEAF)
              && levels.containsKey(Level.CORE)
              && !levels.containsKey(Level.SPINE)) {
            gaps.computeIfAbsent("with no spine between leaf and core", g -> new ArrayList<>())
                .add(node.name());
          }
        });
    gaps.forEach((gap, names) ->
        findings.gap(
            "%d node%s %s: %s"
                .formatted(names.size(), names.size() == 1 ? "" : "s", gap, folded(names))));
  }

  private static String folded(List<String> names) {
    String list = String.join(",", NameRange.fold(names));
    return list.length() <= 120 ? list : list.substring(0, 117) + "...";
  }

  static String number(double value) {
    return value == Math.rint(value) ? Long.toString((long) value) : "%.1f".formatted(value);
  }
}
