package dev.tandem.topology.facts;

import dev.tandem.api.Level;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads the node labels of every generation at once.
 *
 * <p>Precedence where several sources name the same level; the loser is reported in {@link
 * NodeFacts#problems}, never dropped in silence:
 *
 * <ol>
 *   <li>NVLink domain: {@code nvidia.com/gpu.clique} (the partition the fabric really formed; a
 *       clique id of 0 is the whole domain and is cut off), {@code
 *       accelerator.topograph.run/domain} (topograph 1.0), {@code
 *       network.topology.nvidia.com/accelerator} (topograph 0.4 to 0.5)
 *   <li>leaf, spine, core: {@code fabric.topograph.run/tier-0, -1, -2}, then {@code
 *       network.topology.nvidia.com/leaf, spine, core}
 *   <li>zone: {@code topology.kubernetes.io/zone}, then {@code topology.kubernetes.io/region}
 * </ol>
 *
 * <p>Label names from NVIDIA/topograph docs/reference/node-labels.md and the GPU feature discovery
 * README of NVIDIA/k8s-device-plugin.
 */
public final class NodeLabels {
  static final String CLIQUE = "nvidia.com/gpu.clique";
  static final String DOMAIN = "accelerator.topograph.run/domain";
  static final String OLD_DOMAIN = "network.topology.nvidia.com/accelerator";
  static final String TIER = "fabric.topograph.run/tier-";
  static final String OLD_FABRIC = "network.topology.nvidia.com/";
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
   * The facts a node's labels state.
   *
   * @param node the node's name
   * @param labels its labels
   * @param gpus its allocatable {@code nvidia.com/gpu}
   */
  public static NodeFacts facts(String node, Map<String, String> labels, int gpus) {
    NodeLabels reading = new NodeLabels(labels);
    reading.nvlinkDomain();
    reading.fabric();
    reading.zone();
    reading.gaps();
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

  private void nvlinkDomain() {
    String clique = value(CLIQUE);
    if (clique != null && clique.endsWith(".0")) {
      clique = clique.substring(0, clique.length() - 2);
    }
    String domain = value(DOMAIN);
    String old = value(OLD_DOMAIN);
    if (clique != null && domain != null && clique.startsWith(domain + ".")) {
      domain = null; // the clique names a partition of that very domain: no conflict
    }
    take(
        Level.NVLINK,
        new Source(CLIQUE, clique),
        new Source(DOMAIN, domain),
        new Source(OLD_DOMAIN, old));
  }

  private void fabric() {
    Level[] nearestFirst = {Level.LEAF, Level.SPINE, Level.CORE};
    for (int tier = 0; tier < nearestFirst.length; tier++) {
      Level level = nearestFirst[tier];
      String old = OLD_FABRIC + level.label();
      take(level, new Source(TIER + tier, value(TIER + tier)), new Source(old, value(old)));
    }
    if (value(TIER + 3) != null) {
      problems.add(TIER + "3 and above are not used: the core tier is the farthest one planned by");
    }
  }

  private void zone() {
    String zone = value(ZONE);
    String region = value(REGION);
    if (zone != null) {
      levels.put(Level.ZONE, zone);
    } else if (region != null) {
      levels.put(Level.ZONE, region);
      problems.add("no " + ZONE + "; the region " + region + " stands in for the zone");
    }
  }

  private void gaps() {
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
  }

  private void take(Level level, Source... sources) {
    Source taken = null;
    for (Source source : sources) {
      if (source.value() == null) {
        continue;
      }
      if (taken == null) {
        taken = source;
        levels.put(level, source.value());
      } else if (!source.value().equals(taken.value())) {
        problems.add(
            level.label()
                + ": "
                + taken.key()
                + " says "
                + taken.value()
                + ", "
                + source.key()
                + " says "
                + source.value()
                + "; the first counts");
      }
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
      problems.add(key + " is not a number: " + value);
      return 0;
    }
  }

  private @Nullable String value(String key) {
    String value = labels.get(key);
    return value == null || value.isBlank() ? null : value;
  }

  private record Source(String key, @Nullable String value) {}
}
