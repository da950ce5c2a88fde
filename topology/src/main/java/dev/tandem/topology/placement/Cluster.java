package dev.tandem.topology.placement;

import dev.tandem.topology.graph.Interconnect;
import java.util.Map;

/**
 * What is free where. Immutable.
 *
 * @param interconnect the nodes and how they are joined
 * @param freeGpus free GPUs of every node that may take pods; a node that is absent takes none
 */
public record Cluster(Interconnect interconnect, Map<String, Integer> freeGpus) {
  public Cluster {
    freeGpus = Map.copyOf(freeGpus);
  }
}
