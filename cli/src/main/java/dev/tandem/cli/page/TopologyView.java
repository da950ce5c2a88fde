package dev.tandem.cli.page;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The interconnect: what each level can carry, and every node with its place on each level. A node
 * without a value on some level is drawn directly inside the nearest farther level it has.
 * Immutable.
 *
 * @param levels from far to near, e.g. zone, core, spine, leaf, nvlink, node
 * @param nodes in the order in which the page shows their blocks
 */
public record TopologyView(List<LevelView> levels, List<NodeView> nodes) {

  public TopologyView {
    levels = List.copyOf(levels);
    nodes = List.copyOf(nodes);
    List<String> known = new ArrayList<>();
    for (LevelView level : levels) {
      if (known.contains(level.name())) {
        throw new IllegalArgumentException("level " + level.name() + " is given twice");
      }
      known.add(level.name());
    }
    for (NodeView node : nodes) {
      for (String level : node.path().keySet()) {
        if (!known.contains(level)) {
          throw new IllegalArgumentException(
              "node " + node.name() + " has a value on level " + level + "; levels are " + known);
        }
      }
    }
  }

  /**
   * One level of the interconnect.
   *
   * @param bandwidthGigabytesPerSecond one way, for each GPU or NIC
   * @param transport e.g. {@code rdma}
   */
  public record LevelView(String name, double bandwidthGigabytesPerSecond, String transport) {
    public LevelView {
      if (!(bandwidthGigabytesPerSecond > 0)) {
        throw new IllegalArgumentException(
            "bandwidth of level "
                + name
                + " is "
                + bandwidthGigabytesPerSecond
                + "; it must be above 0 GB/s");
      }
    }
  }

  /**
   * One node.
   *
   * @param path level to value, without the node's own level, e.g. {@code leaf} to {@code l7}
   * @param gpus how many GPUs the node can give to pods
   * @param usedByOthers how many of them work that is not on the page has taken
   */
  public record NodeView(String name, Map<String, String> path, int gpus, int usedByOthers) {
    public NodeView {
      path = Collections.unmodifiableMap(new LinkedHashMap<>(path));
      if (gpus < 0 || usedByOthers < 0 || usedByOthers > gpus) {
        throw new IllegalArgumentException(
            "node "
                + name
                + " has "
                + gpus
                + " GPUs of which others use "
                + usedByOthers
                + "; accepted: 0 <= usedByOthers <= gpus");
      }
    }
  }
}
