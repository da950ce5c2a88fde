package dev.tandem.simulator.placement;

import dev.tandem.api.Level;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The ninety-line extender everybody writes first: the tightest block that holds the rest of the
 * group, from near to far, beside the members that have a place already; in it the fullest node
 * that fits. It knows nothing of other groups, of links or of what a group will still need
 * elsewhere. The rule is that of bin-packing gang schedulers, e.g. NVIDIA/KAI-Scheduler
 * docs/topology/README.md: the fullest domain that fits.
 */
final class GreedyGang implements Placer {
  private static final List<Level> NEAR_TO_FAR =
      List.of(Level.NVLINK, Level.LEAF, Level.SPINE, Level.CORE, Level.ZONE);

  private final World world;

  GreedyGang(World world) {
    this.world = world;
  }

  @Override
  public OptionalInt place(Pod pod) {
    List<Pod> rest = world.group(pod.group()).missing();
    List<Pod> wanted = rest.contains(pod) ? rest : List.of(pod);
    for (Level level : NEAR_TO_FAR) {
      Integer home = home(pod, level);
      int best = World.NONE;
      int leastFree = Integer.MAX_VALUE;
      for (int block = 0; block < world.blockCount(level); block++) {
        if (home != null && home != block) {
          continue;
        }
        int[] nodes = nodes(level, block);
        int free = IntStream.of(nodes).map(world::free).sum();
        if (free < leastFree && fits(nodes, wanted)) {
          best = block;
          leastFree = free;
        }
      }
      if (best != World.NONE) {
        return fullest(nodes(level, best), pod);
      }
    }
    return fullest(IntStream.range(0, world.size()).toArray(), pod);
  }

  /** The block the placed members are in, {@link World#NONE} if in several, null without any. */
  private @Nullable Integer home(Pod pod, Level level) {
    World.GroupState group = world.group(pod.group());
    Integer home = null;
    for (Pod other : group.members()) {
      Integer node = group.node(other);
      if (node != null) {
        int block = world.block(level, node);
        if (home != null && home != block) {
          return World.NONE;
        }
        home = block;
      }
    }
    return home;
  }

  private int[] nodes(Level level, int block) {
    return IntStream.range(0, world.size())
        .filter(node -> world.block(level, node) == block)
        .toArray();
  }

  /** First fit, largest pods first. */
  private boolean fits(int[] nodes, List<Pod> pods) {
    int[] free = IntStream.of(nodes).map(world::free).toArray();
    for (Pod pod : pods.stream().sorted(Comparator.comparingInt(p -> -p.gpus())).toList()) {
      int node = 0;
      while (node < free.length && free[node] < pod.gpus()) {
        node++;
      }
      if (node == free.length) {
        return false;
      }
      free[node] -= pod.gpus();
    }
    return true;
  }

  private OptionalInt fullest(int[] nodes, Pod pod) {
    return IntStream.of(nodes)
        .filter(node -> world.free(node) >= pod.gpus())
        .boxed()
        .min(Comparator.comparingInt(world::free))
        .map(OptionalInt::of)
        .orElse(OptionalInt.empty());
  }
}
