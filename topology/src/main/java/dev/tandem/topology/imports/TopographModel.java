package dev.tandem.topology.imports;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.tandem.api.Level;
import dev.tandem.topology.facts.NameRange;
import dev.tandem.topology.facts.NodeFacts;
import dev.tandem.topology.facts.NodeLabels;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;

/**
 * A topograph model in YAML (NVIDIA/topograph, pkg/models/model.go and tests/models): {@code
 * switches} by name, each with {@code switches} below it and {@code labels}; {@code blocks} of
 * nodes below a switch, whose labels or annotations name the accelerator domain. Also the older
 * form: a list of switches with {@code capacity_blocks} and {@code metadata}.
 */
final class TopographModel {
  private static final ObjectMapper YAML =
      new ObjectMapper(YAMLFactory.builder().loaderOptions(limits()).build());

  private final Source source;
  private final Findings findings = new Findings();
  private final SwitchTree tree = new SwitchTree(findings);
  private final Map<String, Map<String, String>> labels = new HashMap<>();
  private final Map<String, String> switchOfBlock = new HashMap<>();
  private long names;

  private TopographModel(Source source) {
    this.source = source;
  }

  static Imported read(Source source) {
    TopographModel reading = new TopographModel(source);
    JsonNode document;
    try {
      document = YAML.readTree(source.text());
    } catch (JsonProcessingException e) {
      int line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
      throw new ImportRefused(
          "%s: not YAML: %s"
              .formatted(
                  source.at(line),
                  Source.shown(e.getOriginalMessage().lines().findFirst().orElse(""))),
          e);
    }
    reading.switches(document.path("switches"));
    reading.blocks(document.path("blocks"), "blocks");
    reading.blocks(document.path("capacity_blocks"), "capacity_blocks");
    return new Imported(reading.tree.nodes(), Map.of(), reading.findings.list());
  }

  private static LoaderOptions limits() {
    LoaderOptions options = new LoaderOptions();
    options.setCodePointLimit((int) Source.MOST_BYTES);
    return options;
  }

  private void switches(JsonNode switches) {
    if (switches.isArray()) {
      for (JsonNode entry : switches) {
        addSwitch(entry.path("name").asText(), entry);
      }
    } else {
      switches.properties().forEach(entry -> addSwitch(entry.getKey(), entry.getValue()));
    }
  }

  private void addSwitch(String name, JsonNode entry) {
    String place = source.name() + ": switches." + Source.shown(name);
    if (name.isBlank()) {
      findings.conflict(source.name() + ": a switch without a name; left out");
      return;
    }
    tree.addSwitch(name);
    Map<String, String> own = new HashMap<>(strings(entry.path("labels")));
    own.putAll(strings(entry.path("annotations")));
    String zone = strings(entry.path("metadata")).get("availability_zone");
    if (zone != null) {
      own.put("topology.kubernetes.io/zone", zone);
    }
    labels.put(name, own);
    for (String below : list(entry.path("switches"), place)) {
      tree.hang(below, name, place);
    }
    for (String block : list(entry.path("capacity_blocks"), place)) {
      switchOfBlock.put(block, name);
    }
    List<String> nodes = list(entry.path("nodes"), place);
    if (!nodes.isEmpty()) {
      tree.hangNodes(nodes, name, Map.of(), place);
    }
  }

  private void blocks(JsonNode blocks, String key) {
    int index = 0;
    for (JsonNode block : blocks) {
      String place = "%s: %s[%d]".formatted(source.name(), key, index++);
      String name = block.path("name").asText("");
      String above = block.path("switch").asText("");
      if (above.isEmpty()) {
        above = switchOfBlock.getOrDefault(name, "");
      }
      if (above.isEmpty()) {
        findings.gap(place + " names no switch: its nodes are below none");
      } else if (!tree.knows(above)) {
        findings.gap(
            "%s: switch '%s' is not among the switches".formatted(place, Source.shown(above)));
      }
      List<String> nodes = list(block.path("nodes"), place);
      tree.hangNodes(nodes, above.isEmpty() ? null : above, around(block, above, place), place);
    }
  }

  /** NVLink domain and zone, from the block's own labels and from those of the switches above. */
  private Map<Level, String> around(JsonNode block, String above, String place) {
    Map<String, String> all = new HashMap<>();
    for (String up : tree.chain(above)) {
      labels.getOrDefault(up, Map.of()).forEach(all::putIfAbsent);
    }
    all.putAll(strings(block.path("labels")));
    all.putAll(strings(block.path("annotations")));
    NodeFacts facts = NodeLabels.facts("a block", all, 0);
    EnumMap<Level, String> levels = new EnumMap<>(Level.class);
    String zone = facts.block(Level.ZONE);
    if (zone != null) {
      levels.put(Level.ZONE, zone);
    }
    String domain = facts.block(Level.NVLINK);
    domain = domain == null ? accelerator(all) : domain;
    domain = domain == null ? text(block.path("nvlink")) : domain;
    if (domain != null) {
      levels.put(Level.NVLINK, domain);
    }
    facts.problems().stream()
        .filter(problem -> problem.contains(" says ") || problem.contains("control character"))
        .forEach(problem -> findings.conflict(place + ": " + problem));
    return levels;
  }

  /** Models use keys of their own for what becomes the accelerator label. */
  private static @Nullable String accelerator(Map<String, String> labels) {
    for (Map.Entry<String, String> label : labels.entrySet()) {
      String key = label.getKey();
      if (key.startsWith("accelerat") && (key.endsWith("/domain") || key.endsWith("/level-0"))) {
        return label.getValue();
      }
    }
    return null;
  }

  private List<String> list(JsonNode nodes, String place) {
    List<String> names = new ArrayList<>();
    for (JsonNode node : nodes) {
      String text = text(node);
      try {
        names.addAll(NameRange.expand(text == null ? "" : text));
      } catch (IllegalArgumentException e) {
        findings.conflict(place + ": " + e.getMessage() + "; left out");
      }
    }
    this.names += names.size();
    if (this.names > 10L * NameRange.MAX_NAMES) {
      throw new ImportRefused(
          "%s: more than %d names in all".formatted(source.name(), 10 * NameRange.MAX_NAMES));
    }
    return names;
  }

  private static Map<String, String> strings(JsonNode map) {
    Map<String, String> strings = new HashMap<>();
    map.properties()
        .forEach(entry -> {
          String text = text(entry.getValue());
          if (text != null) {
            strings.put(entry.getKey(), text);
          }
        });
    return strings;
  }

  private static @Nullable String text(JsonNode node) {
    return node.isValueNode() && !node.isNull() && !node.asText().isBlank() ? node.asText() : null;
  }
}
