package dev.tandem.cli.topology;

import dev.tandem.api.Level;
import dev.tandem.topology.facts.LinkSpeeds;
import dev.tandem.topology.facts.NameRange;
import dev.tandem.topology.facts.NodeFacts;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Nodes as an indented tree of blocks, names folded into ranges and siblings beyond a few counted.
 */
final class TreeText {
  private static final List<Level> FAR_TO_NEAR =
      List.of(Level.ZONE, Level.CORE, Level.SPINE, Level.LEAF, Level.NVLINK);
  private static final int FEW = 6;
  private static final int WIDTH = 100;

  private final boolean all;
  private final StringBuilder text = new StringBuilder();

  private TreeText(boolean all) {
    this.all = all;
  }

  /**
   * The tree.
   *
   * @param all print every block and every name, however many
   */
  static String of(Collection<NodeFacts> nodes, boolean all) {
    TreeText tree = new TreeText(all);
    int gpus = nodes.stream().mapToInt(NodeFacts::gpus).sum();
    tree.text
        .append(count(nodes.size()))
        .append(gpus == 0 ? "" : ", " + gpus + " GPUs")
        .append('\n');
    tree.print(List.copyOf(nodes), 0, "  ");
    return tree.text.toString();
  }

  /** The link of every level in one line each. */
  static String links(LinkSpeeds speeds, Collection<Level> stated) {
    StringBuilder lines = new StringBuilder();
    for (Level level : Level.values()) {
      LinkSpeeds.Link link = speeds.link(level);
      lines.append(
          "  %-7s %8.1f GB/s  %-7s%s%n"
              .formatted(
                  level.label(),
                  link.bandwidthGigabytesPerSecond(),
                  link.transport().label(),
                  stated.contains(level) ? "" : "default"));
    }
    return lines.toString();
  }

  private void print(List<NodeFacts> nodes, int depth, String indent) {
    int next = depth;
    while (next < FAR_TO_NEAR.size() && !anyHas(nodes, FAR_TO_NEAR.get(next))) {
      next++;
    }
    if (next == FAR_TO_NEAR.size()) {
      names(nodes, indent);
      return;
    }
    Level level = FAR_TO_NEAR.get(next);
    Map<String, List<NodeFacts>> blocks = new TreeMap<>();
    List<NodeFacts> outside = new ArrayList<>();
    for (NodeFacts node : nodes) {
      String block = node.levels().get(level);
      if (block == null) {
        outside.add(node);
      } else {
        blocks.computeIfAbsent(block, b -> new ArrayList<>()).add(node);
      }
    }
    blocks(level, blocks, next, indent);
    if (!outside.isEmpty()) {
      text.append(indent).append("no ").append(level.label()).append(": ");
      text.append(count(outside.size())).append('\n');
      print(outside, next + 1, indent + "  ");
    }
  }

  private void blocks(Level level, Map<String, List<NodeFacts>> blocks, int depth, String indent) {
    int printed = 0;
    int left = 0;
    for (Map.Entry<String, List<NodeFacts>> block : blocks.entrySet()) {
      if (!all && blocks.size() > FEW + 1 && printed == FEW) {
        left += block.getValue().size();
        continue;
      }
      printed++;
      text.append(indent).append(level.label()).append(' ').append(block.getKey());
      text.append(": ").append(count(block.getValue().size()));
      boolean leaf =
          FAR_TO_NEAR.subList(depth + 1, FAR_TO_NEAR.size()).stream()
              .noneMatch(nearer -> anyHas(block.getValue(), nearer));
      if (leaf) {
        text.append(", ").append(folded(block.getValue())).append('\n');
      } else {
        text.append('\n');
        print(block.getValue(), depth + 1, indent + "  ");
      }
    }
    if (left > 0) {
      text.append(indent).append("... and ").append(blocks.size() - printed).append(" more ");
      text.append(level.label()).append(" blocks: ").append(count(left)).append('\n');
    }
  }

  private void names(List<NodeFacts> nodes, String indent) {
    text.append(indent).append(folded(nodes)).append('\n');
  }

  private String folded(List<NodeFacts> nodes) {
    String names =
        NameRange.fold(nodes.stream().map(NodeFacts::name).toList()).stream()
            .collect(Collectors.joining(","));
    return all || names.length() <= WIDTH ? names : names.substring(0, WIDTH - 3) + "...";
  }

  private static boolean anyHas(List<NodeFacts> nodes, Level level) {
    return nodes.stream().anyMatch(node -> node.levels().containsKey(level));
  }

  private static String count(int nodes) {
    return nodes + (nodes == 1 ? " node" : " nodes");
  }
}
