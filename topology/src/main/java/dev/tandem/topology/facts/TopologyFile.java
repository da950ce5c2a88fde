package dev.tandem.topology.facts;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.tandem.api.Level;
import dev.tandem.api.Transport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A cluster written down in YAML; unknown keys are refused. Immutable.
 *
 * @param nodes the nodes, in the order of the file
 * @param bandwidth the links the file overrides, by level
 * @param used GPUs taken by other work, by node; nodes without any are absent
 */
public record TopologyFile(
    List<NodeFacts> nodes, Map<Level, LinkSpeeds.Link> bandwidth, Map<String, Integer> used) {

  /** A larger file is not a topology: 100,000 nodes named one by one stay below it. */
  static final long MAX_BYTES = 32L << 20;

  private static final String NO_NODES = "nodes: at least one entry is needed";

  private static final ObjectMapper YAML =
      new ObjectMapper(new YAMLFactory()).enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  public TopologyFile {
    nodes = List.copyOf(nodes);
    bandwidth = Map.copyOf(bandwidth);
    used = Map.copyOf(used);
  }

  /**
   * Reads a topology file.
   *
   * @throws IOException if the file cannot be read
   * @throws IllegalArgumentException if it is not a topology; the message names file, key and value
   */
  public static TopologyFile read(Path file) throws IOException {
    if (Files.size(file) > MAX_BYTES) {
      throw new IllegalArgumentException(
          file + ": " + Files.size(file) + " bytes; a topology file has at most " + MAX_BYTES);
    }
    try {
      return parse(Files.readString(file));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
    }
  }

  /**
   * Parses the text of a topology file.
   *
   * @throws IllegalArgumentException if it is not a topology; the message names key and value
   */
  public static TopologyFile parse(String yaml) {
    if (yaml.isBlank()) {
      throw new IllegalArgumentException(NO_NODES);
    }
    Document document;
    try {
      document = YAML.readValue(yaml, Document.class);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(oneLine(e), e);
    }
    if (document == null || document.nodes() == null || document.nodes().isEmpty()) {
      throw new IllegalArgumentException(NO_NODES);
    }
    Map<String, NodeFacts> nodes = new LinkedHashMap<>();
    Map<String, Integer> used = new TreeMap<>();
    for (Entry entry : document.nodes()) {
      for (NodeFacts node : entry.facts()) {
        if (nodes.put(node.name(), node) != null) {
          throw new IllegalArgumentException("names: node " + node.name() + " is named twice");
        }
        if (entry.used() > 0) {
          used.put(node.name(), entry.used());
        }
      }
    }
    return new TopologyFile(new ArrayList<>(nodes.values()), links(document), used);
  }

  /** The default speeds with this file's overrides. */
  public LinkSpeeds speeds() {
    return LinkSpeeds.defaults().with(bandwidth);
  }

  /** The node labels (topograph 1.0, clique, zone, GPU feature discovery) that say the same. */
  public static Map<String, String> labels(NodeFacts facts) {
    return NodeLabels.labels(facts);
  }

  private static Map<Level, LinkSpeeds.Link> links(Document document) {
    Map<Level, LinkSpeeds.Link> links = new EnumMap<>(Level.class);
    Map<String, LinkEntry> entries = document.links();
    if (entries == null) {
      return links;
    }
    entries.forEach((name, entry) -> links.put(level(name), entry.link(name)));
    return links;
  }

  private static Level level(String name) {
    for (Level level : Level.values()) {
      if (level.label().equals(name)) {
        return level;
      }
    }
    throw new IllegalArgumentException(
        "links: unknown level '"
            + name
            + "'; accepted: "
            + Arrays.stream(Level.values()).map(Level::label).toList());
  }

  private static String oneLine(JsonProcessingException e) {
    if (e instanceof UnrecognizedPropertyException unknown) {
      return "key '%s'; accepted: %s"
          .formatted(
              unknown.getPropertyName(),
              unknown.getKnownPropertyIds().stream()
                  .map(String::valueOf)
                  .sorted()
                  .collect(Collectors.joining(", ")));
    }
    String where = e.getLocation() == null ? "" : "line " + e.getLocation().getLineNr() + ": ";
    return where + e.getOriginalMessage().lines().findFirst().orElse("not YAML");
  }

  private record Document(@Nullable Map<String, LinkEntry> links, @Nullable List<Entry> nodes) {}

  private record LinkEntry(double bandwidth, String transport) {
    LinkSpeeds.Link link(String level) {
      for (Transport known : Transport.values()) {
        if (known.label().equals(transport)) {
          try {
            return new LinkSpeeds.Link(bandwidth, known);
          } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("links." + level + ": " + e.getMessage(), e);
          }
        }
      }
      throw new IllegalArgumentException(
          "links."
              + level
              + ".transport: '"
              + transport
              + "'; accepted: "
              + Arrays.stream(Transport.values()).map(Transport::label).toList());
    }
  }

  private record Entry(
      @Nullable String names,
      @Nullable String nvlink,
      @Nullable String leaf,
      @Nullable String spine,
      @Nullable String core,
      @Nullable String zone,
      int gpus,
      @Nullable String product,
      int memory,
      int used) {

    List<NodeFacts> facts() {
      if (names == null) {
        throw new IllegalArgumentException("nodes: an entry without names");
      }
      if (used < 0 || used > gpus) {
        throw new IllegalArgumentException(
            "used: " + used + " of " + gpus + " GPUs on " + names + "; accepted: 0 to " + gpus);
      }
      Map<Level, String> levels = new EnumMap<>(Level.class);
      put(levels, Level.NVLINK, nvlink);
      put(levels, Level.LEAF, leaf);
      put(levels, Level.SPINE, spine);
      put(levels, Level.CORE, core);
      put(levels, Level.ZONE, zone);
      List<NodeFacts> facts = new ArrayList<>();
      for (String name : NameRange.expand(names)) {
        facts.add(new NodeFacts(name, levels, gpus, product, memory, List.of()));
      }
      return facts;
    }

    private static void put(Map<Level, String> levels, Level level, @Nullable String value) {
      if (value != null && !value.isBlank()) {
        levels.put(level, value);
      }
    }
  }
}
