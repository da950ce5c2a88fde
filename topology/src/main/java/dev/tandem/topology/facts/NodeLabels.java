package dev.tandem.topology.facts;

import dev.tandem.api.Level;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads the node labels of every generation at once, in the order of {@link LevelKeys}. Where two
 * labels that use the same names disagree, the first counts and the loser is reported in {@link
 * NodeFacts#problems}; a value that cannot be a name is reported and the next label is taken.
 */
public final class NodeLabels {
  static final String CLIQUE = "nvidia.com/gpu.clique";
  static final String DOMAIN = "accelerator.topograph.run/domain";
  static final String TIER = "fabric.topograph.run/tier-";
  static final String ZONE = "topology.kubernetes.io/zone";
  static final String REGION = "topology.kubernetes.io/region";
  static final String PRODUCT = "nvidia.com/gpu.product";
  static final String MEMORY = "nvidia.com/gpu.memory";
  static final String COUNT = "nvidia.com/gpu.count";

  private final Map<String, String> labels;
  private final EnumMap<Level, String> levels = new EnumMap<>(Level.class);
  private final List<String> problems = new ArrayList<>();

  private NodeLabels(Map<String, String> labels) {
    this.labels = labels;
  }

  /**
   * The facts a node's labels state, read by the built-in keys.
   *
   * @param node the node's name
   * @param labels its labels
   * @param gpus its allocatable GPUs
   */
  public static NodeFacts facts(String node, Map<String, String> labels, int gpus) {
    return facts(node, labels, gpus, LevelKeys.builtIn());
  }

  /** The facts a node's labels state, read by {@code keys}. */
  public static NodeFacts facts(String node, Map<String, String> labels, int gpus, LevelKeys keys) {
    NodeLabels reading = new NodeLabels(labels);
    for (Level level : Level.values()) {
      reading.take(level, keys.keys(level));
    }
    reading.regionForZone();
    reading.gaps(keys);
    int memory = reading.number(MEMORY);
    int count = reading.number(COUNT);
    if (count > 0 && gpus > 0 && count != gpus) {
      reading.problems.add(
          COUNT + " says " + count + " GPUs but " + gpus + " are allocatable; " + gpus + " counts");
    }
    return new NodeFacts(
        node, reading.levels, gpus, reading.value(PRODUCT), memory, reading.problems);
  }

  /** The labels that say the same as {@code facts}, in the newest generation's names. */
  static Map<String, String> labels(NodeFacts facts) {
    Map<String, String> labels = new TreeMap<>();
    facts
        .levels()
        .forEach((level, value) -> {
          switch (level) {
            case NVLINK -> {
              labels.put(DOMAIN, value);
              labels.put(CLIQUE, value + ".0");
            }
            case LEAF -> labels.put(TIER + 0, value);
            case SPINE -> labels.put(TIER + 1, value);
            case CORE -> labels.put(TIER + 2, value);
            case ZONE -> labels.put(ZONE, value);
            case NODE -> {}
          }
        });
    labels.put("kubernetes.io/hostname", facts.name());
    String product = facts.gpuProduct();
    if (product != null) {
      labels.put(PRODUCT, product);
    }
    if (facts.gpuMemoryMebibytes() > 0) {
      labels.put(MEMORY, Integer.toString(facts.gpuMemoryMebibytes()));
    }
    if (facts.gpus() > 0) {
      labels.put(COUNT, Integer.toString(facts.gpus()));
    }
    return labels;
  }

  private void take(Level level, List<LevelKeys.Key> keys) {
    LevelKeys.Key winner = null;
    String block = "";
    for (LevelKeys.Key key : keys) {
      String value = usable(level, key);
      if (value == null) {
        continue;
      }
      if (winner == null) {
        winner = key;
        block = value;
        levels.put(level, value);
      } else if (!key.ownNames() && !same(level, block, value)) {
        problems.add(
            "%s: %s says %s, %s says %s; the first counts"
                .formatted(
                    level.label(),
                    winner.label(),
                    BlockName.shown(block),
                    key.label(),
                    BlockName.shown(value)));
      }
    }
  }

  private @Nullable String usable(Level level, LevelKeys.Key key) {
    String raw = value(key.label());
    String value = raw == null ? null : key.reading().value(raw, labels);
    if (value == null) {
      return null;
    }
    String problem = BlockName.problem(value);
    if (problem != null) {
      problems.add(
          "%s: %s has a %s: %s; not used"
              .formatted(level.label(), key.label(), problem, BlockName.shown(value)));
      return null;
    }
    return BlockName.of(value);
  }

  /** A clique names a partition of its domain; both forms of one domain are the same. */
  private static boolean same(Level level, String winner, String other) {
    return winner.equals(other)
        || (level == Level.NVLINK
            && (winner.startsWith(other + ".") || other.equals(winner + ".0")));
  }

  private void regionForZone() {
    if (value(ZONE) == null && levels.containsKey(Level.ZONE)) {
      String region = value(REGION);
      if (region != null && BlockName.of(region).equals(levels.get(Level.ZONE))) {
        problems.add(
            "no " + ZONE + "; the region " + BlockName.shown(region) + " stands in for the zone");
      }
    }
  }

  private void gaps(LevelKeys keys) {
    if (levels.isEmpty()) {
      problems.add("no topology label: links from and to this node are unknown");
    } else if (!levels.containsKey(Level.LEAF)
        && (levels.containsKey(Level.SPINE) || levels.containsKey(Level.CORE))) {
      problems.add("no leaf label beside a spine or core label");
    } else if (!levels.containsKey(Level.SPINE)
        && levels.containsKey(Level.LEAF)
        && levels.containsKey(Level.CORE)) {
      problems.add("no spine label between its leaf and its core label");
    }
    if (value(TIER + 3) != null
        && keys.keys(Level.CORE).stream().noneMatch(key -> key.label().equals(TIER + 3))) {
      problems.add(
          "%s3 and above are not planned by: core is tier 2; --level-key core=%s3 takes tier 3"
              .formatted(TIER, TIER));
    }
  }

  private int number(String key) {
    String value = value(key);
    if (value == null) {
      return 0;
    }
    try {
      return Math.max(0, Integer.parseInt(value));
    } catch (NumberFormatException e) {
      problems.add(key + " is not a number: " + BlockName.shown(value));
      return 0;
    }
  }

  private @Nullable String value(String key) {
    String value = labels.get(key);
    return value == null || value.isBlank() ? null : value;
  }
}
