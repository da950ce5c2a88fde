package dev.tandem.simulator.routing;

import dev.tandem.api.Level;
import dev.tandem.api.LocalityPath;
import dev.tandem.api.ModelFacts;
import dev.tandem.api.TransferCost;
import dev.tandem.simulator.placement.NamedCluster;
import dev.tandem.simulator.routing.state.Sites;
import dev.tandem.topology.facts.LinkSpeeds;
import dev.tandem.topology.facts.NodeFacts;
import dev.tandem.topology.graph.Interconnect;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Prefill and decode engines on a cluster, one a slot of {@code tensorParallel} GPUs, at slots
 * drawn by the seed.
 *
 * @param cluster whose shape
 * @param prefill engines that compute prompts
 * @param decode engines that answer
 * @param tensorParallel GPUs an engine
 * @param equalLinks whether every level is as fast as a leaf's, so that places make no difference
 * @param uplinkFlows engines that a switch's uplink lets send at full rate at once
 */
public record SplitPools(
    NamedCluster cluster,
    int prefill,
    int decode,
    int tensorParallel,
    boolean equalLinks,
    int uplinkFlows) {
  private static final String MODEL = "llama-3-70b";

  public int engines() {
    return prefill + decode;
  }

  /**
   * Where each engine stands.
   *
   * @throws IllegalArgumentException if the cluster has not that many slots
   */
  Sites sites(long seed) {
    List<NodeFacts> nodes = cluster.shape().nodes();
    Interconnect interconnect = Interconnect.of(nodes, speeds());
    List<LocalityPath> slots = new ArrayList<>();
    for (NodeFacts node : nodes) {
      for (int i = 0; i < node.gpus() / tensorParallel; i++) {
        slots.add(interconnect.locality(node.name()));
      }
    }
    if (prefill < 1 || decode < 1 || engines() > slots.size()) {
      throw new IllegalArgumentException(
          "split %dx%d; accepted: at least 1x1, and at most %d engines of %d GPUs on %s"
              .formatted(prefill, decode, slots.size(), tensorParallel, cluster.label()));
    }
    Collections.shuffle(slots, new Random(seed));
    return new Sites(
        prefill,
        slots.subList(0, engines()),
        TransferCost.defaults(),
        ModelFacts.of(MODEL),
        tensorParallel,
        equalLinks ? engines() : uplinkFlows);
  }

  private LinkSpeeds speeds() {
    LinkSpeeds usual = LinkSpeeds.defaults();
    if (!equalLinks) {
      return usual;
    }
    Map<Level, LinkSpeeds.Link> all = new EnumMap<>(Level.class);
    for (Level level : Level.values()) {
      all.put(level, usual.link(Level.LEAF));
    }
    return usual.with(all);
  }
}
