package dev.tandem.simulator.placement;

import dev.tandem.api.Level;
import dev.tandem.topology.facts.NodeFacts;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Clusters with a name. The first five have the shape of the models NVIDIA/topograph tests itself
 * with (tests/models/*.yaml), written anew from these facts; the others are regular.
 */
public enum NamedCluster {
  /** One spine over two leaves of three nodes; two nodes of the first share an NVLink domain. */
  SMALL_TREE {
    @Override
    public Shape shape() {
      List<NodeFacts> nodes = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        nodes.add(node("node-" + i, i < 2 ? "n0" : "", "l" + i / 3, "s0", 8));
      }
      return new Shape(nodes);
    }
  },
  /** Three tiers: two spines of two leaves, each leaf an NVLink domain of two nodes. */
  MEDIUM {
    @Override
    public Shape shape() {
      List<NodeFacts> nodes = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        nodes.add(node("node-" + i, "n" + i / 2, "l" + i / 2, "s" + i / 4, 8));
      }
      return new Shape(nodes);
    }
  },
  /** Six spines of two leaves, each leaf an NVLink domain of eight nodes. */
  LARGE {
    @Override
    public Shape shape() {
      return Shape.of(new Shape.Sizes(96, 8, 8, 8, 16));
    }
  },
  /** Two spines of two leaves, each leaf one NVL72 rack of 18 nodes with 4 GPUs. */
  NVL72 {
    @Override
    public Shape shape() {
      return Shape.of(new Shape.Sizes(72, 4, 18, 18, 36));
    }
  },
  /** The fabric of {@link #LARGE} with two NVLink domains of 48 nodes that span leaves. */
  DUAL {
    @Override
    public Shape shape() {
      List<NodeFacts> nodes = new ArrayList<>();
      for (int i = 0; i < 96; i++) {
        nodes.add(
            node(
                "node-%02d".formatted(i), "n" + i / 48, "l%02d".formatted(i / 8), "s" + i / 16, 8));
      }
      return new Shape(nodes);
    }
  },
  /** 256 nodes, NVLink domains of 16, leaves of 32, one spine. */
  N256(256),
  /** 1,000 nodes in the same blocks. */
  N1000(1000),
  /** 5,000 nodes in the same blocks. */
  N5000(5000);

  private final int nodes;

  NamedCluster() {
    this(0);
  }

  NamedCluster(int nodes) {
    this.nodes = nodes;
  }

  /** The value of the flag. */
  public String label() {
    return nodes > 0 ? Integer.toString(nodes) : name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The cluster with this label, or null where there is none. */
  public static @Nullable NamedCluster parse(String label) {
    for (NamedCluster cluster : values()) {
      if (cluster.label().equals(label)) {
        return cluster;
      }
    }
    return null;
  }

  /** All labels, for people. */
  public static String labels() {
    return Arrays.stream(values()).map(NamedCluster::label).collect(Collectors.joining(", "));
  }

  /** Its nodes. */
  public Shape shape() {
    return Shape.of(new Shape.Sizes(nodes, 8, 16, 32, 256));
  }

  private static NodeFacts node(String name, String nvlink, String leaf, String spine, int gpus) {
    Map<Level, String> levels = new EnumMap<>(Level.class);
    if (!nvlink.isEmpty()) {
      levels.put(Level.NVLINK, nvlink);
    }
    levels.put(Level.LEAF, leaf);
    levels.put(Level.SPINE, spine);
    levels.put(Level.CORE, "c0");
    levels.put(Level.ZONE, "z0");
    return Shape.node(name, levels, gpus);
  }
}
