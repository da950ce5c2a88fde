package dev.tandem.cli.place;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.extender.decide.Placement;
import dev.tandem.extender.decide.PodFacts;
import dev.tandem.topology.facts.TopologyFile;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Where pods would go, to be printed. Immutable. */
public final class PlacementReport {
  private final List<Placement> placed;
  private final List<DryRun.Stranded> stranded;
  private final String picture;

  private PlacementReport(List<Placement> placed, List<DryRun.Stranded> stranded, String picture) {
    this.picture = picture;
    this.placed = List.copyOf(placed);
    this.stranded = List.copyOf(stranded);
  }

  /**
   * Places the pods of a YAML text on the cluster of a file.
   *
   * @throws IllegalArgumentException if the text is not YAML of pods
   */
  public static PlacementReport of(TopologyFile cluster, String pods) {
    List<PodFacts> facts = new Workloads().pods(pods);
    if (facts.isEmpty()) {
      throw new IllegalArgumentException("no pod and no pod template found");
    }
    DryRun run = new DryRun(cluster);
    run.place(facts);
    return new PlacementReport(run.placements(), run.stranded(), run.picture());
  }

  /** Whether every pod found a place. */
  public boolean complete() {
    return stranded.isEmpty();
  }

  /** The cluster as nested blocks with the pods in it, as SVG. */
  public String picture() {
    return picture;
  }

  /** One line a pod, columns aligned. */
  public String table() {
    int pods = 3;
    int nodes = 4;
    for (Placement placement : placed) {
      pods = Math.max(pods, placement.pod().length());
      nodes = Math.max(nodes, placement.node().length());
    }
    for (DryRun.Stranded pod : stranded) {
      pods = Math.max(pods, pod.pod().key().length());
    }
    String row = "%-" + pods + "s  %-7s  %-" + nodes + "s  %11s  %s%n";
    StringBuilder table = new StringBuilder();
    table.append(String.format(Locale.ROOT, row, "POD", "ROLE", "NODE", "TRANSFER", "WHY THERE"));
    for (Placement placement : placed) {
      table.append(
          String.format(
              Locale.ROOT,
              row,
              placement.pod(),
              placement.role().label(),
              placement.node(),
              transfer(placement),
              placement.reason()));
    }
    for (DryRun.Stranded pod : stranded) {
      table.append(String.format(Locale.ROOT, row, pod.pod().key(), "", "-", "", pod.reason()));
    }
    return table.toString();
  }

  /** A list of {@code pod, group, role, node, locality, reason, predictedTransferMillis}. */
  public String json() {
    ArrayNode list = new ObjectMapper().createArrayNode();
    for (Placement placement : placed) {
      row(list, placement.pod(), placement.group(), placement.node(), placement.reason())
          .put("role", placement.role().label())
          .put("locality", placement.locality())
          .put(
              "predictedTransferMillis",
              Math.round(placement.predictedTransferMillis() * 1e3) / 1e3);
    }
    for (DryRun.Stranded pod : stranded) {
      PodFacts.Ask ask = pod.pod().ask();
      row(list, pod.pod().key(), ask == null ? null : ask.group(), null, pod.reason())
          .put("role", ask == null ? null : ask.role().label());
    }
    return list.toPrettyString() + System.lineSeparator();
  }

  private static ObjectNode row(
      ArrayNode list, String pod, @Nullable String group, @Nullable String node, String reason) {
    return list.addObject()
        .put("pod", pod)
        .put("group", group)
        .put("node", node)
        .put("reason", reason);
  }

  private static String transfer(Placement placement) {
    return placement.predictedTransferMillis() > 0
        ? String.format(Locale.ROOT, "%.1f ms", placement.predictedTransferMillis())
        : "-";
  }
}
