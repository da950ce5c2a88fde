package dev.tandem.topology.facts;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.tandem.api.Level;
import dev.tandem.api.TransferCost;
import dev.tandem.api.Transport;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;

/** YAML to {@link TopologyFile}. Every refusal is an {@link IllegalArgumentException}. */
final class TopologyReader {
  private static final String NOTHING =
      "nodes: at least one entry is needed, or one of links, transports, level-keys";

  private static final ObjectMapper YAML =
      new ObjectMapper(
              YAMLFactory.builder()
                  .loaderOptions(limits())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private final Map<String, NodeFacts> nodes = new LinkedHashMap<>();
  private final Map<String, Integer> used = new LinkedHashMap<>();

  private TopologyReader() {}

  static TopologyFile parse(String yaml) {
    Document document = document(yaml, Document.class);
    if (document == null || document.isEmpty()) {
      throw new IllegalArgumentException(NOTHING);
    }
    TopologyReader reader = new TopologyReader();
    for (@Nullable Entry entry : orEmpty(document.nodes())) {
      if (entry == null) {
        throw new IllegalArgumentException("nodes: an empty entry");
      }
      reader.add(entry);
    }
    Map<Level, List<String>> keys = levelKeys(document.levelKeys());
    LevelKeys.builtIn().with(keys); // refuses what is no label key
    return new TopologyFile(
        new ArrayList<>(reader.nodes.values()),
        links(document.links()),
        reader.used,
        TransportEntry.overheads(document.transports()),
        keys);
  }

  /** A document of {@code transports:} alone, as {@code --transports} takes it. */
  static Map<Transport, TransferCost.Overhead> transports(String yaml) {
    TransportsDocument document = document(yaml, TransportsDocument.class);
    if (document == null || orEmpty(document.transports()).isEmpty()) {
      throw new IllegalArgumentException("transports: at least one of " + TransportEntry.labels());
    }
    return TransportEntry.overheads(document.transports());
  }

  private static <T> @Nullable T document(String yaml, Class<T> type) {
    if (yaml.length() > TopologyFile.MAX_BYTES) {
      throw new IllegalArgumentException(
          yaml.length() + " characters; accepted: at most " + TopologyFile.MAX_BYTES);
    }
    if (yaml.isBlank()) {
      return null;
    }
    try {
      return YAML.readValue(yaml, type);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(oneLine(e), e);
    }
  }

  /** The default limit is 3 MB; the bound on the file is ours. */
  private static LoaderOptions limits() {
    LoaderOptions options = new LoaderOptions();
    options.setCodePointLimit((int) TopologyFile.MAX_BYTES);
    return options;
  }

  private void add(Entry entry) {
    String names = entry.names();
    if (names == null) {
      throw new IllegalArgumentException("nodes: an entry without names");
    }
    if (entry.gpus() < 0 || entry.memory() < 0) {
      throw new IllegalArgumentException(
          "gpus, memory: %d, %d on %s; accepted: 0 or more"
              .formatted(entry.gpus(), entry.memory(), BlockName.shown(names)));
    }
    if (entry.used() < 0 || entry.used() > entry.gpus()) {
      throw new IllegalArgumentException(
          "used: %d of %d GPUs on %s; accepted: 0 to %d"
              .formatted(entry.used(), entry.gpus(), BlockName.shown(names), entry.gpus()));
    }
    Map<Level, String> levels = entry.levels();
    for (String name : NameRange.expand(names)) {
      NodeFacts node =
          new NodeFacts(name, levels, entry.gpus(), entry.product(), entry.memory(), List.of());
      NodeFacts before = nodes.putIfAbsent(name, node);
      if (before == null) {
        if (nodes.size() > NameRange.MAX_NAMES) {
          throw new IllegalArgumentException(
              "nodes: more than " + NameRange.MAX_NAMES + " named; accepted: at most that many");
        }
        if (entry.used() > 0) {
          used.put(name, entry.used());
        }
      } else if (before.problems().isEmpty()) {
        nodes.put(name, twice(before, node));
      }
    }
  }

  private static NodeFacts twice(NodeFacts first, NodeFacts second) {
    List<String> differences = new ArrayList<>();
    for (Level level : Level.values()) {
      String one = first.levels().get(level);
      String two = second.levels().get(level);
      if (two != null && !two.equals(one)) {
        differences.add("%s %s and %s".formatted(level.label(), one == null ? "none" : one, two));
      }
    }
    String problem =
        "named twice in the topology file; the first entry counts"
            + (differences.isEmpty() ? "" : ": " + String.join(", ", differences));
    return new NodeFacts(
        first.name(),
        first.levels(),
        first.gpus(),
        first.gpuProduct(),
        first.gpuMemoryMebibytes(),
        List.of(problem));
  }

  private static Map<Level, LinkSpeeds.Link> links(
      @Nullable Map<String, @Nullable LinkEntry> entries) {
    Map<Level, LinkSpeeds.Link> links = new EnumMap<>(Level.class);
    orEmpty(entries)
        .forEach((name, entry) -> {
          Level level = level("links", name, Arrays.asList(Level.values()));
          if (entry == null) {
            throw new IllegalArgumentException(
                "links." + name + ": empty; accepted: bandwidth and transport");
          }
          links.put(level, entry.link(name));
        });
    return links;
  }

  private static Map<Level, List<String>> levelKeys(
      @Nullable Map<String, @Nullable List<String>> entries) {
    Map<Level, List<String>> keys = new EnumMap<>(Level.class);
    List<Level> accepted = new ArrayList<>(Arrays.asList(Level.values()));
    accepted.remove(Level.NODE);
    orEmpty(entries)
        .forEach((name, labels) -> {
          Level level = level("level-keys", name, accepted);
          List<String> all = new ArrayList<>();
          for (@Nullable String label : labels == null ? List.<@Nullable String>of() : labels) {
            all.add(label == null ? "" : label);
          }
          keys.put(level, all);
        });
    return keys;
  }

  private static Level level(String key, String name, List<Level> accepted) {
    Level level = Level.parse(name);
    if (level == null || !accepted.contains(level)) {
      throw new IllegalArgumentException(
          "%s: unknown level '%s'; accepted: %s"
              .formatted(key, BlockName.shown(name), accepted.stream().map(Level::label).toList()));
    }
    return level;
  }

  private static String oneLine(JsonProcessingException e) {
    String where = e.getLocation() == null ? "" : "line " + e.getLocation().getLineNr() + ": ";
    if (e instanceof UnrecognizedPropertyException unknown) {
      return "%skey '%s'; accepted: %s"
          .formatted(
              where,
              BlockName.shown(unknown.getPropertyName()),
              unknown.getKnownPropertyIds().stream()
                  .map(String::valueOf)
                  .sorted()
                  .collect(Collectors.joining(", ")));
    }
    String path =
        e instanceof JsonMappingException mapping
            ? mapping.getPath().stream()
                .map(part ->
                    part.getFieldName() == null ? "[" + part.getIndex() + "]" : part.getFieldName())
                .collect(Collectors.joining("."))
            : "";
    String problem = e.getOriginalMessage().lines().findFirst().orElse("not YAML");
    return where + (path.isEmpty() ? "" : path + ": ") + cut(problem);
  }

  private static String cut(String text) {
    return text.length() <= 200 ? text : text.substring(0, 200) + "...";
  }

  private static <K, V extends @Nullable Object> Map<K, V> orEmpty(@Nullable Map<K, V> map) {
    return map == null ? Map.of() : map;
  }

  private static <T extends @Nullable Object> Collection<T> orEmpty(@Nullable List<T> list) {
    return list == null ? List.of() : list;
  }

  private record Document(
      @Nullable Map<String, @Nullable LinkEntry> links,
      @Nullable Map<String, @Nullable TransportEntry> transports,
      @JsonProperty("level-keys") @Nullable Map<String, @Nullable List<String>> levelKeys,
      @Nullable List<@Nullable Entry> nodes) {
    boolean isEmpty() {
      return orEmpty(nodes).isEmpty()
          && orEmpty(links).isEmpty()
          && orEmpty(transports).isEmpty()
          && orEmpty(levelKeys).isEmpty();
    }
  }

  private record TransportsDocument(@Nullable Map<String, @Nullable TransportEntry> transports) {}

  private record LinkEntry(double bandwidth, @Nullable String transport) {
    LinkSpeeds.Link link(String level) {
      Transport known = transport == null ? null : Transport.parse(transport);
      if (known == null) {
        throw new IllegalArgumentException(
            "links.%s.transport: '%s'; accepted: %s"
                .formatted(
                    level,
                    transport == null ? "" : BlockName.shown(transport),
                    TransportEntry.labels()));
      }
      try {
        return new LinkSpeeds.Link(bandwidth, known);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("links." + level + ": " + e.getMessage(), e);
      }
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

    Map<Level, String> levels() {
      Map<Level, String> levels = new EnumMap<>(Level.class);
      put(levels, Level.NVLINK, nvlink);
      put(levels, Level.LEAF, leaf);
      put(levels, Level.SPINE, spine);
      put(levels, Level.CORE, core);
      put(levels, Level.ZONE, zone);
      return levels;
    }

    private static void put(Map<Level, String> levels, Level level, @Nullable String value) {
      if (value == null || value.isBlank()) {
        return;
      }
      String problem = BlockName.problem(value);
      if (problem != null) {
        throw new IllegalArgumentException(
            "%s: %s in '%s'".formatted(level.label(), problem, BlockName.shown(value)));
      }
      levels.put(level, value);
    }
  }
}
