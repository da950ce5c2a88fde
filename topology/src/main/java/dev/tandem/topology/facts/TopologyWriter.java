package dev.tandem.topology.facts;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import dev.tandem.api.Level;
import dev.tandem.api.TransferCost;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** {@link TopologyFile} to YAML. Nodes that differ in nothing but their name share an entry. */
final class TopologyWriter {
  private static final ObjectMapper YAML =
      new ObjectMapper(
          YAMLFactory.builder()
              .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
              .disable(YAMLGenerator.Feature.SPLIT_LINES)
              .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
              .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
              .enable(YAMLGenerator.Feature.INDENT_ARRAYS_WITH_INDICATOR)
              .build());

  private final TopologyFile file;

  TopologyWriter(TopologyFile file) {
    this.file = file;
  }

  String yaml() {
    Map<String, Object> document = new LinkedHashMap<>();
    put(document, "level-keys", levelKeys());
    put(document, "links", links());
    put(document, "transports", transports());
    List<Object> nodes = nodes();
    if (!nodes.isEmpty()) {
      document.put("nodes", nodes);
    }
    try {
      return YAML.writeValueAsString(document);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("maps and strings are always written", e);
    }
  }

  private static void put(Map<String, Object> document, String key, Map<String, Object> section) {
    if (!section.isEmpty()) {
      document.put(key, section);
    }
  }

  private Map<String, Object> levelKeys() {
    Map<String, Object> section = new LinkedHashMap<>();
    new TreeMap<>(file.levelKeys()).forEach((level, keys) -> section.put(level.label(), keys));
    return section;
  }

  private Map<String, Object> links() {
    Map<String, Object> section = new LinkedHashMap<>();
    new TreeMap<>(file.bandwidth())
        .forEach((level, link) -> {
          Map<String, Object> entry = new LinkedHashMap<>();
          entry.put("bandwidth", decimal(link.bandwidthGigabytesPerSecond()));
          entry.put("transport", link.transport().label());
          section.put(level.label(), entry);
        });
    return section;
  }

  private Map<String, Object> transports() {
    Map<String, Object> section = new LinkedHashMap<>();
    new TreeMap<>(file.transports())
        .forEach((transport, overhead) -> section.put(transport.label(), entry(overhead)));
    return section;
  }

  private static Map<String, Object> entry(TransferCost.Overhead overhead) {
    Map<String, Object> entry = new LinkedHashMap<>();
    entry.put("setup-micros", decimal(overhead.setupSeconds() * 1e6));
    entry.put("post-micros", decimal(overhead.postSeconds() * 1e6));
    entry.put("efficiency", decimal(overhead.efficiency()));
    return entry;
  }

  /** Six significant digits: no measurement has more, and 8.5 stays 8.5. */
  private static BigDecimal decimal(double number) {
    BigDecimal rounded = new BigDecimal(number).round(new MathContext(6)).stripTrailingZeros();
    return rounded.scale() < 0 ? rounded.setScale(0) : rounded;
  }

  private List<Object> nodes() {
    Map<Map<String, Object>, List<String>> alike = new LinkedHashMap<>();
    for (NodeFacts node : file.nodes()) {
      alike.computeIfAbsent(entry(node), n -> new ArrayList<>()).add(node.name());
    }
    List<Object> entries = new ArrayList<>();
    alike.forEach((same, names) -> {
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("names", String.join(",", NameRange.fold(names)));
      entry.putAll(same);
      entries.add(entry);
    });
    return entries;
  }

  private Map<String, Object> entry(NodeFacts node) {
    Map<String, Object> entry = new LinkedHashMap<>();
    for (Level level : Level.values()) {
      String block = node.levels().get(level);
      if (block != null) {
        entry.put(level.label(), block);
      }
    }
    if (node.gpus() > 0) {
      entry.put("gpus", node.gpus());
    }
    String product = node.gpuProduct();
    if (product != null) {
      entry.put("product", product);
    }
    if (node.gpuMemoryMebibytes() > 0) {
      entry.put("memory", node.gpuMemoryMebibytes());
    }
    Integer used = file.used().get(node.name());
    if (used != null && used > 0) {
      entry.put("used", used);
    }
    return entry;
  }
}
