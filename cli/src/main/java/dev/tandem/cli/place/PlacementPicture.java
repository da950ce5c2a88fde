package dev.tandem.cli.place;

import dev.tandem.api.Level;
import dev.tandem.extender.decide.Placement;
import dev.tandem.topology.facts.NodeFacts;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Draws leaves, the NVLink domains in them and the nodes in these as nested blocks, a square a GPU:
 * grey where other work is, coloured by group where a pod went. SVG without anything external.
 */
final class PlacementPicture {
  private static final int SQUARE = 18;
  private static final int GAP = 4;
  private static final int NAME = 84;
  private static final int HEAD = 22;
  private static final int PAD = 10;
  private static final List<String> COLOURS =
      List.of("#2f7ed8", "#d9822b", "#3a9d5d", "#b0479a", "#8a6d3b", "#0f9e9e");

  private static final String STYLE =
      """
      <style>
      text{font:12px system-ui,sans-serif;fill:#222}
      .small{font-size:10px;fill:#fff;text-anchor:middle}
      .leaf{fill:none;stroke:#999}
      .domain{fill:none;stroke:#999;stroke-dasharray:4 3}
      .free{fill:none;stroke:#999}
      .used{fill:#bbb;stroke:#999}
      @media (prefers-color-scheme:dark){text{fill:#ddd}.used{fill:#555}}
      </style>
      """;

  private final Map<String, List<Slot>> slots;
  private final Map<String, String> colours = new LinkedHashMap<>();
  private final StringBuilder svg = new StringBuilder();

  /** One GPU: free, or taken by other work or by a pod. */
  record Slot(@Nullable String group, String mark) {
    static final Slot FREE = new Slot(null, "");
    static final Slot USED = new Slot(null, "used");
  }

  /**
   * @param slots the GPUs of every node, by name
   */
  PlacementPicture(Map<String, List<Slot>> slots) {
    this.slots = slots;
    slots
        .values()
        .forEach(list ->
            list.forEach(slot -> {
              if (slot.group() != null) {
                colours.computeIfAbsent(
                    slot.group(), g -> COLOURS.get(colours.size() % COLOURS.size()));
              }
            }));
  }

  /** What a pod's squares say: P, D, or the first letter of another role. */
  static Slot of(Placement placement) {
    String group = placement.group();
    return new Slot(
        group == null ? placement.pod() : group, placement.role().label().substring(0, 1));
  }

  String draw(Iterable<NodeFacts> nodes) {
    Map<String, Map<String, List<NodeFacts>>> leaves = new LinkedHashMap<>();
    int most = 0;
    for (NodeFacts node : nodes) {
      leaves
          .computeIfAbsent(named("leaf", node.block(Level.LEAF)), l -> new LinkedHashMap<>())
          .computeIfAbsent(named("NVLink domain", node.block(Level.NVLINK)), d -> new ArrayList<>())
          .add(node);
      most = Math.max(most, node.gpus());
    }
    int width = NAME + most * (SQUARE + GAP) + 2 * PAD;
    int x = PAD;
    int height = 0;
    for (Map.Entry<String, Map<String, List<NodeFacts>>> leaf : leaves.entrySet()) {
      int y = 2 * HEAD;
      int columns = x;
      for (Map.Entry<String, List<NodeFacts>> domain : leaf.getValue().entrySet()) {
        int tall = HEAD + domain.getValue().size() * (SQUARE + GAP) + PAD;
        box("domain", x + PAD, y, width, tall);
        text(x + 2 * PAD, y + HEAD - 8, domain.getKey());
        int row = y + HEAD;
        for (NodeFacts node : domain.getValue()) {
          node(node, x + 2 * PAD, row);
          row += SQUARE + GAP;
        }
        y += tall + PAD;
      }
      box("leaf", columns, HEAD, width + 2 * PAD, y - HEAD);
      text(columns + PAD, HEAD + 15, leaf.getKey());
      height = Math.max(height, y + PAD);
      x += width + 3 * PAD;
    }
    int at = PAD;
    for (Map.Entry<String, String> group : colours.entrySet()) {
      svg.append(square(at, 3, "used", group.getValue()));
      text(at + SQUARE + GAP, 16, "group " + group.getKey());
      at += 160;
    }
    return """
    <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d">
    %s%s</svg>
    """
        .formatted(x, height, x, height, STYLE, svg);
  }

  private void node(NodeFacts node, int x, int y) {
    text(x, y + 13, node.name());
    int at = x + NAME - PAD;
    for (Slot slot : slots.getOrDefault(node.name(), List.of())) {
      String colour = slot.group() == null ? null : colours.get(slot.group());
      svg.append(square(at, y, slot == Slot.FREE ? "free" : "used", colour));
      if (colour != null) {
        svg.append(
            "<text class=\"small\" x=\"%d\" y=\"%d\">%s</text>%n"
                .formatted(at + SQUARE / 2, y + 13, escaped(slot.mark().toUpperCase(Locale.ROOT))));
      }
      at += SQUARE + GAP;
    }
  }

  private static String square(int x, int y, String kind, @Nullable String colour) {
    return "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"3\"%s/>%n"
        .formatted(
            kind, x, y, SQUARE, SQUARE, colour == null ? "" : " style=\"fill:" + colour + '"');
  }

  private void box(String kind, int x, int y, int width, int height) {
    svg.append(
        "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"6\"/>%n"
            .formatted(kind, x, y, width, height));
  }

  private void text(int x, int y, String words) {
    svg.append("<text x=\"%d\" y=\"%d\">%s</text>%n".formatted(x, y, escaped(words)));
  }

  private static String named(String kind, @Nullable String block) {
    return block == null ? "no " + kind : kind + " " + block;
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
