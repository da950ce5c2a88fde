package dev.tandem.topology.placement;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Says what a finished draft comes to. One thread; lives for one question. */
final class Closing {
  private final Draft draft;
  private final Blocks blocks;
  private final Desk desk;

  Closing(Draft draft) {
    this.draft = draft;
    this.blocks = draft.blocks;
    this.desk = draft.desk;
  }

  /** The outcome with the asked pod on {@code node}. */
  Outcome outcome(Member pod, int node) {
    Map<String, Integer> nodes = new LinkedHashMap<>();
    nodes.put(pod.id(), node);
    draft.steps.forEach(step -> nodes.put(step.member().id(), step.node()));
    Set<Integer> all = new TreeSet<>(draft.anchors);
    all.addAll(nodes.values());
    Map<Integer, Integer> taken = taken(pod, node);
    int[] waste = {crowded(pod, taken), left(all, Tier.BOARD), broken(taken), left(all, Tier.LEAF)};
    return new Outcome(
        node,
        draft.rest.size() - draft.steps.size(),
        draft.engines.spread(),
        desk.cost(),
        desk.seconds(),
        waste,
        nodes,
        picture(all, node));
  }

  /**
   * What the plan takes from nodes, counted by squares: half of a whole node costs more than a half
   * free one, so whole nodes stay whole.
   */
  private int broken(Map<Integer, Integer> taken) {
    int broken = 0;
    for (Map.Entry<Integer, Integer> entry : taken.entrySet()) {
      int left = desk.free(entry.getKey());
      int before = left + entry.getValue();
      broken += before * before - left * left;
    }
    return broken;
  }

  /** GPUs the plan takes, by node. */
  private Map<Integer, Integer> taken(Member pod, int node) {
    Map<Integer, Integer> taken = new HashMap<>();
    taken.put(node, pod.gpus());
    draft.steps.forEach(step -> taken.merge(step.node(), step.member().gpus(), Integer::sum));
    return taken;
  }

  /** 1 if in an NVLink domain of the plan there is no room for one more such pod, else 0. */
  private int crowded(Member pod, Map<Integer, Integer> taken) {
    for (Map.Entry<Integer, Integer> entry : taken.entrySet()) {
      if (!desk.roomy(entry.getKey(), entry.getValue(), pod.gpus())) {
        return 1;
      }
    }
    return 0;
  }

  private int left(Set<Integer> nodes, Tier tier) {
    int left = 0;
    for (int block : distinct(nodes, tier)) {
      left += desk.freeOf(tier.ordinal(), block);
    }
    return left;
  }

  private Set<Integer> distinct(Set<Integer> nodes, Tier tier) {
    Set<Integer> distinct = new TreeSet<>();
    nodes.forEach(node -> distinct.add(blocks.block(tier, node)));
    return distinct;
  }

  private Outcome.Picture picture(Set<Integer> nodes, int node) {
    for (Tier tier : Tier.VALUES) {
      int block = blocks.block(tier, node);
      boolean one = block != Blocks.NONE;
      for (int other : nodes) {
        one &= blocks.block(tier, other) == block;
      }
      if (one) {
        return new Outcome.Picture(
            tier,
            blocks.blockName(tier, block),
            nodes.size(),
            distinct(nodes, Tier.BOARD).size(),
            desk.share(Tier.BOARD));
      }
    }
    throw new IllegalStateException("every node is in the block of all nodes");
  }
}
