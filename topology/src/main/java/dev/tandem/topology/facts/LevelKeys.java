package dev.tandem.topology.facts;

import dev.tandem.api.Level;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which node labels name a node's block at each level, the one that wins first. Immutable.
 *
 * <p>Sources of the keys: NVIDIA/topograph docs/reference/node-labels.md and
 * pkg/topology/topology.go over its releases; the GPU feature discovery README of
 * NVIDIA/k8s-device-plugin; AWS, GKE and OCI as topograph reads them, and oracle's
 * oci-hpc-oke-utils labeler; CoreWeave's as the Kueue topologies shipped for it name them.
 */
public final class LevelKeys {
  /** Most keys a level may be given by configuration. */
  static final int MOST_CUSTOM = 16;

  private static final Pattern LABEL_KEY =
      Pattern.compile(
          "([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?"
              + "[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?");

  /** How a label's value becomes the name of a block. */
  enum Reading {
    /** The value is the name. */
    WHOLE,
    /** {@code <domain>.<clique>}; clique 0 is the whole domain and cut off. */
    CLIQUE,
    /** Only on nodes whose NVLink leaves the node: GB200 and GB300, GKE's A4X machines. */
    MULTI_NODE_NVLINK;

    @Nullable String value(String raw, Map<String, String> labels) {
      return switch (this) {
        case WHOLE -> raw;
        case CLIQUE ->
            raw.endsWith(".0") && raw.length() > 2 ? raw.substring(0, raw.length() - 2) : raw;
        case MULTI_NODE_NVLINK -> nvlinkLeavesNode(labels) ? raw : null;
      };
    }

    private static boolean nvlinkLeavesNode(Map<String, String> labels) {
      String product = labels.getOrDefault(NodeLabels.PRODUCT, "").toUpperCase(Locale.ROOT);
      String machine = labels.getOrDefault("node.kubernetes.io/instance-type", "");
      return product.contains("GB200") || product.contains("GB300") || machine.startsWith("a4x");
    }
  }

  /**
   * One label.
   *
   * @param writtenBy who puts it on nodes
   * @param ownNames its values are names of its own, so that a difference from another label is no
   *     contradiction
   */
  record Key(String label, Reading reading, String writtenBy, boolean ownNames) {}

  private static final String CONFIGURED = "configuration";
  private static final LevelKeys BUILT_IN = new LevelKeys(builtInKeys());

  private final Map<Level, List<Key>> keys;

  private LevelKeys(Map<Level, List<Key>> keys) {
    this.keys = keys;
  }

  /** The documented keys. */
  public static LevelKeys builtIn() {
    return BUILT_IN;
  }

  /**
   * These keys behind others that win over them.
   *
   * @param custom label keys by level, the first wins
   * @throws IllegalArgumentException if a key is not a label key, a level has more than {@value
   *     #MOST_CUSTOM}, or the level is {@link Level#NODE}
   */
  public LevelKeys with(Map<Level, ? extends Collection<String>> custom) {
    EnumMap<Level, List<Key>> merged = new EnumMap<>(keys);
    custom.forEach((level, labels) -> {
      if (level == Level.NODE) {
        throw new IllegalArgumentException(
            "level node is the node's own name and has no label; accepted: " + accepted());
      }
      if (labels.size() > MOST_CUSTOM) {
        throw new IllegalArgumentException(
            "level %s has %d keys; accepted: at most %d"
                .formatted(level.label(), labels.size(), MOST_CUSTOM));
      }
      List<Key> all = new ArrayList<>();
      for (String label : labels) {
        if (!LABEL_KEY.matcher(label).matches()) {
          throw new IllegalArgumentException(
              "level %s: '%s' is not a label key; accepted: prefix/name, e.g."
                      .formatted(level.label(), BlockName.shown(label))
                  + " backend.coreweave.cloud/leafgroup");
        }
        all.add(new Key(label, Reading.WHOLE, CONFIGURED, false));
      }
      all.addAll(keys(level));
      merged.put(level, List.copyOf(all));
    });
    return new LevelKeys(Collections.unmodifiableMap(merged));
  }

  /**
   * Reads {@code level=label-key}, as a flag has it.
   *
   * @throws IllegalArgumentException if it is not; the message names what is accepted
   */
  public static Map.Entry<Level, String> parse(String text) {
    int equals = text.indexOf('=');
    Level level = equals < 0 ? null : Level.parse(text.substring(0, equals));
    if (level == null || level == Level.NODE) {
      throw new IllegalArgumentException(
          "'%s' is not LEVEL=LABEL-KEY with a level of %s"
              .formatted(BlockName.shown(text), accepted()));
    }
    String key = text.substring(equals + 1);
    builtIn().with(Map.of(level, List.of(key))); // refuses what is no label key
    return Map.entry(level, key);
  }

  /** Reads several {@code level=label-key}, as a repeated flag has them; the first wins. */
  public static Map<Level, List<String>> parseAll(Collection<String> texts) {
    EnumMap<Level, List<String>> keys = new EnumMap<>(Level.class);
    for (String text : texts) {
      Map.Entry<Level, String> key = parse(text);
      keys.computeIfAbsent(key.getKey(), level -> new ArrayList<>()).add(key.getValue());
    }
    return keys;
  }

  /** The keys of {@code level}, the one that wins first; none for {@link Level#NODE}. */
  List<Key> keys(Level level) {
    return keys.getOrDefault(level, List.of());
  }

  private static String accepted() {
    return "nvlink, leaf, spine, core, zone";
  }

  private static Map<Level, List<Key>> builtInKeys() {
    EnumMap<Level, List<Key>> keys = new EnumMap<>(Level.class);
    keys.put(
        Level.NVLINK,
        List.of(
            new Key(NodeLabels.CLIQUE, Reading.CLIQUE, "GPU feature discovery", false),
            whole(NodeLabels.DOMAIN, "topograph 1.0"),
            whole("accelerated.topology.nvidia.com/level-0", "topograph before 1.0"),
            whole("network.topology.nvidia.com/accelerator", "topograph to 0.5"),
            own("topology.k8s.aws/ultraserver-id", "AWS HyperPod"),
            own("topology.k8s.aws/capacity-block-id", "AWS, UltraServers only"),
            own("oci.oraclecloud.com/host.gpu_memory_fabric_id", "OCI, GB200 and GB300"),
            own("ds.coreweave.com/nvlink.domain", "CoreWeave"),
            new Key(
                "cloud.google.com/gce-topology-subblock",
                Reading.MULTI_NODE_NVLINK,
                "GKE, A4X only",
                true)));
    keys.put(
        Level.LEAF,
        List.of(
            whole(NodeLabels.TIER + 0, "topograph 1.0"),
            whole("network.topology.nvidia.com/tier-0", "topograph before 1.0"),
            whole("network.topology.nvidia.com/level-0", "topograph before 1.0"),
            whole("network.topology.nvidia.com/leaf", "topograph 0.4, 0.5"),
            whole("network.topology.nvidia.com/block", "topograph before 0.4"),
            own("topology.k8s.aws/network-node-layer-3", "AWS"),
            own("cloud.google.com/gce-topology-subblock", "GKE"),
            own("oci.oraclecloud.com/rdma.local_block_id", "OCI"),
            own("oci.oraclecloud.com/host.rack_id", "OCI"),
            own("backend.coreweave.cloud/leafgroup", "CoreWeave")));
    keys.put(
        Level.SPINE,
        List.of(
            whole(NodeLabels.TIER + 1, "topograph 1.0"),
            whole("network.topology.nvidia.com/tier-1", "topograph before 1.0"),
            whole("network.topology.nvidia.com/level-1", "topograph before 1.0"),
            whole("network.topology.nvidia.com/spine", "topograph to 0.5"),
            own("topology.k8s.aws/network-node-layer-2", "AWS"),
            own("cloud.google.com/gce-topology-block", "GKE"),
            own("oci.oraclecloud.com/rdma.network_block_id", "OCI"),
            own("oci.oraclecloud.com/host.network_block_id", "OCI"),
            own("backend.coreweave.cloud/superpod", "CoreWeave")));
    keys.put(
        Level.CORE,
        List.of(
            whole(NodeLabels.TIER + 2, "topograph 1.0"),
            whole("network.topology.nvidia.com/tier-2", "topograph before 1.0"),
            whole("network.topology.nvidia.com/level-2", "topograph before 1.0"),
            whole("network.topology.nvidia.com/core", "topograph 0.4, 0.5"),
            whole("network.topology.nvidia.com/datacenter", "topograph before 0.4"),
            own("topology.k8s.aws/network-node-layer-1", "AWS"),
            own("oci.oraclecloud.com/rdma.hpc_island_id", "OCI"),
            own("backend.coreweave.cloud/fabric", "CoreWeave")));
    keys.put(
        Level.ZONE,
        List.of(
            whole(NodeLabels.ZONE, "cloud provider"), own(NodeLabels.REGION, "cloud provider")));
    return Collections.unmodifiableMap(keys);
  }

  private static Key whole(String label, String writtenBy) {
    return new Key(label, Reading.WHOLE, writtenBy, false);
  }

  private static Key own(String label, String writtenBy) {
    return new Key(label, Reading.WHOLE, writtenBy, true);
  }
}
