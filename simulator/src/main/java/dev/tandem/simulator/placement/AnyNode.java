package dev.tandem.simulator.placement;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;

/** Any node with room, each as likely as the next. */
final class AnyNode implements Placer {
  private final World world;
  private final Random random;

  AnyNode(World world, Random random) {
    this.world = world;
    this.random = random;
  }

  @Override
  public OptionalInt place(Pod pod) {
    List<Integer> feasible = new ArrayList<>();
    for (int node = 0; node < world.size(); node++) {
      if (world.free(node) >= pod.gpus()) {
        feasible.add(node);
      }
    }
    return feasible.isEmpty()
        ? OptionalInt.empty()
        : OptionalInt.of(feasible.get(random.nextInt(feasible.size())));
  }
}
