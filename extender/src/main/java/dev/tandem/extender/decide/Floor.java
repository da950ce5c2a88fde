package dev.tandem.extender.decide;

import dev.tandem.topology.placement.Blocks;
import dev.tandem.topology.placement.Uplinks;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The nodes of one generation as arrays by node number, kept up to date as nodes and pods change.
 * Not safe for threads: {@link ClusterPicture} guards it.
 */
final class Floor {
  /** Takes no pods, or is gone. */
  static final byte SHUT = 0;

  /** Takes some pods: only the scheduler knows which. */
  static final byte TAINTED = 1;

  static final byte OPEN = 2;

  private final Blocks blocks;
  private final @Nullable NodeState[] states;
  private final int[] spare;
  private final byte[] doors;
  private final Uplinks uplinks;

  Floor(Blocks blocks, Map<String, NodeState> nodes, Map<String, Integer> used) {
    this.blocks = blocks;
    this.states = new NodeState[blocks.size()];
    this.spare = new int[blocks.size()];
    this.doors = new byte[blocks.size()];
    this.uplinks = new Uplinks(blocks);
    for (int i = 0; i < states.length; i++) {
      NodeState node = nodes.get(blocks.name(i));
      if (node != null) {
        set(i, node, used.getOrDefault(blocks.name(i), 0));
      }
    }
  }

  Blocks blocks() {
    return blocks;
  }

  Uplinks uplinks() {
    return uplinks;
  }

  /** Allocatable GPUs without those bound pods hold; below 0 where they hold more. */
  int[] spare() {
    return spare.clone();
  }

  /** Which nodes take pods, by number. */
  byte[] doors() {
    return doors.clone();
  }

  /** Takes in a node; one of a later generation is passed over. */
  void node(NodeState node, int used) {
    int number = blocks.indexOf(node.facts().name());
    if (number != Blocks.NONE) {
      set(number, node, used);
    }
  }

  void gone(String name) {
    int number = blocks.indexOf(name);
    if (number != Blocks.NONE) {
      states[number] = null;
      doors[number] = SHUT;
    }
  }

  /** Counts GPUs that a pod took, or gave back if negative. */
  void take(String name, int gpus) {
    int number = blocks.indexOf(name);
    if (number != Blocks.NONE) {
      spare[number] -= gpus;
    }
  }

  /** Which nodes have all these labels. */
  boolean[] with(Map<String, String> selector) {
    boolean[] with = new boolean[states.length];
    for (int i = 0; i < states.length; i++) {
      NodeState node = states[i];
      with[i] = node != null && node.labels().entrySet().containsAll(selector.entrySet());
    }
    return with;
  }

  private void set(int number, NodeState node, int used) {
    states[number] = node;
    spare[number] = node.facts().gpus() - used;
    doors[number] = !node.open() ? SHUT : node.tainted() ? TAINTED : OPEN;
  }
}
