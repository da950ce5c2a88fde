package dev.tandem.simulator.placement;

import dev.tandem.api.Level;
import dev.tandem.topology.facts.NodeFacts;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The nodes of a cluster and the blocks they are in. Immutable.
 *
 * @param nodes in the order a scheduler lists them
 */
public record Shape(List<NodeFacts> nodes) {
  /** Twice the largest cluster Kubernetes supports. */
  public static final int MOST_NODES = 10_000;

  public Shape {
    nodes = List.copyOf(nodes);
    if (nodes.isEmpty() || nodes.size() > MOST_NODES) {
      throw new IllegalArgumentException(
          "nodes: " + nodes.size() + "; accepted: 1 to " + MOST_NODES);
    }
    Set<String> names = new HashSet<>();
    for (NodeFacts node : nodes) {
      if (!names.add(node.name())) {
        throw new IllegalArgumentException("node " + node.name() + " is named twice");
      }
    }
  }

  /**
   * Sizes of a regular cluster.
   *
   * @param nodes how many nodes
   * @param gpusPerNode GPUs of each
   * @param nvlinkDomain nodes of an NVLink domain; 0 for none
   * @param leaf nodes below a leaf switch
   * @param spine nodes below a spine switch; all spines hang on one core
   */
  public record Sizes(int nodes, int gpusPerNode, int nvlinkDomain, int leaf, int spine) {
    /** More than any node has. */
    public static final int MOST_GPUS = 64;

    public Sizes {
      between("nodes", nodes, 1, MOST_NODES);
      between("gpus-per-node", gpusPerNode, 1, MOST_GPUS);
      between("nvlink-domain", nvlinkDomain, 0, MOST_NODES);
      between("leaf", leaf, 1, MOST_NODES);
      between("spine", spine, 1, MOST_NODES);
      nested("leaf", leaf, "nvlink-domain", Math.max(1, nvlinkDomain));
      nested("spine", spine, "leaf", leaf);
    }

    private static void nested(String outer, int size, String inner, int part) {
      if (size % part != 0) {
        throw new IllegalArgumentException(
            outer + ": " + size + "; accepted: a multiple of " + inner + ", which is " + part);
      }
    }
  }

  static void between(String key, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          key + ": " + value + "; accepted: " + least + " to " + most);
    }
  }

  /** A regular cluster. */
  public static Shape of(Sizes sizes) {
    List<NodeFacts> nodes = new ArrayList<>();
    for (int i = 0; i < sizes.nodes(); i++) {
      Map<Level, String> levels = new EnumMap<>(Level.class);
      if (sizes.nvlinkDomain() > 0) {
        levels.put(Level.NVLINK, "n" + i / sizes.nvlinkDomain());
      }
      levels.put(Level.LEAF, "l" + i / sizes.leaf());
      levels.put(Level.SPINE, "s" + i / sizes.spine());
      levels.put(Level.CORE, "c0");
      levels.put(Level.ZONE, "z0");
      nodes.add(node("gpu-%05d".formatted(i), levels, sizes.gpusPerNode()));
    }
    return new Shape(nodes);
  }

  static NodeFacts node(String name, Map<Level, String> levels, int gpus) {
    return new NodeFacts(name, levels, gpus, null, 0, List.of());
  }
}
