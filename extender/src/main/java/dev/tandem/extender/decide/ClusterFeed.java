package dev.tandem.extender.decide;

/**
 * Takes in what a watch tells. Implementations say from how many threads; a change has taken effect
 * when the call returns.
 */
public interface ClusterFeed {

  /** A new or changed node. */
  void node(NodeState node);

  /** A node that is gone, by name; one that was never there changes nothing. */
  void nodeGone(String name);

  /** A new or changed pod. */
  void pod(PodFacts pod);

  /** A pod that is gone, by UID; one that was never there changes nothing. */
  void podGone(String uid);
}
