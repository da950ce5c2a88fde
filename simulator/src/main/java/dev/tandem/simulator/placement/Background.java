package dev.tandem.simulator.placement;

import dev.tandem.topology.facts.NodeFacts;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** What runs on a cluster before the groups come: GPUs in use by node, from a seed. */
public sealed interface Background {
  /** GPUs in use, by node in the order of the shape. */
  int[] used(Shape shape, Random random);

  /**
   * A share of the nodes half filled, evenly spread: at 0.5 every second node.
   *
   * @param share 0 to 1
   */
  record Even(double share) implements Background {
    public Even {
      accept("busy", share);
    }

    @Override
    public int[] used(Shape shape, Random random) {
      int[] used = new int[shape.nodes().size()];
      for (int i = 0; i < used.length; i++) {
        boolean busy = Math.floor((i + 1) * share) > Math.floor(i * share);
        used[i] = busy ? half(shape.nodes().get(i)) : 0;
      }
      return used;
    }
  }

  /**
   * A share of the nodes half filled, drawn by the seed.
   *
   * @param share 0 to 1
   */
  record Scattered(double share) implements Background {
    public Scattered {
      accept("busy", share);
    }

    @Override
    public int[] used(Shape shape, Random random) {
      int[] used = new int[shape.nodes().size()];
      List<Integer> order = numbers(used.length);
      Collections.shuffle(order, random);
      for (int i = 0; i < Math.round(share * used.length); i++) {
        used[order.get(i)] = half(shape.nodes().get(order.get(i)));
      }
      return used;
    }
  }

  /**
   * A cluster that has lived: pods of half a node fill it to {@link #OVERFILL} of the wanted share
   * of its GPUs, then pods drawn by the seed end until the share is met. This leaves full, half and
   * empty nodes side by side.
   *
   * @param share of the GPUs in use, 0 to 1
   */
  record Lived(double share) implements Background {
    /** So much is placed before pods end again. */
    static final double OVERFILL = 1.15;

    public Lived {
      accept("allocation", share);
    }

    @Override
    public int[] used(Shape shape, Random random) {
      int count = shape.nodes().size();
      List<Integer> slots = numbers(2 * count);
      Collections.shuffle(slots, random);
      int filled = (int) Math.min(2L * count, Math.round(2 * count * share * OVERFILL));
      List<Integer> pods = new ArrayList<>(slots.subList(0, filled));
      Collections.shuffle(pods, random);
      int[] used = new int[count];
      for (int slot : pods.subList(0, (int) Math.min(filled, Math.round(2 * count * share)))) {
        used[slot / 2] += half(shape.nodes().get(slot / 2));
      }
      return used;
    }
  }

  private static List<Integer> numbers(int count) {
    List<Integer> numbers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      numbers.add(i);
    }
    return numbers;
  }

  private static int half(NodeFacts node) {
    return node.gpus() / 2;
  }

  private static void accept(String key, double share) {
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException(key + ": " + share + "; accepted: 0 to 1");
    }
  }
}
