package dev.tandem.extender.decide;

import dev.tandem.topology.facts.NodeFacts;
import java.util.Map;

/**
 * A node as the watch shows it. Immutable.
 *
 * @param facts name, place and allocatable GPUs
 * @param open whether it takes new pods at all: ready and not cordoned
 * @param tainted whether some pods are kept away; only candidates of the scheduler are used then
 * @param alive whether it is ready: pods on one that is not serve nobody, while those on a cordoned
 *     one do
 * @param labels its labels, for node selectors
 */
public record NodeState(
    NodeFacts facts, boolean open, boolean tainted, boolean alive, Map<String, String> labels) {
  public NodeState {
    labels = Map.copyOf(labels);
  }

  /** A node that is ready. */
  public NodeState(NodeFacts facts, boolean open, boolean tainted, Map<String, String> labels) {
    this(facts, open, tainted, true, labels);
  }
}
