package dev.tandem.simulator.placement;

import dev.tandem.api.Level;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** Reads off a finished world how well its groups stand. */
final class Measures {
  private final World world;
  private final Links links;
  private final Workload.Pairs pairs;
  private double seconds;
  private int groupsWithPairs;
  private double allPairsSeconds;
  private double bandwidth;
  private double leastBandwidth = Double.POSITIVE_INFINITY;
  private long pairCount;
  private double leavesDomain;
  private double leavesLeaf;

  Measures(World world, Links links, Workload.Pairs pairs) {
    this.world = world;
    this.links = links;
    this.pairs = pairs;
    for (World.GroupState group : world.groups()) {
      List<Integer> from = group.nodesOf(pairs.from());
      List<Integer> to = group.nodesOf(pairs.to());
      if (!from.isEmpty() && !to.isEmpty()) {
        flows(from, to);
        everyPair(from, to);
      }
    }
  }

  private void flows(List<Integer> from, List<Integer> to) {
    groupsWithPairs++;
    for (Links.Flow flow : links.flows(from, to)) {
      seconds += flow.share() * links.seconds(flow.from(), flow.to());
      boolean domain = together(Level.NVLINK, flow.from(), flow.to());
      boolean node = flow.from() == flow.to();
      leavesDomain += domain || node ? 0 : flow.share();
      boolean leaf = together(Level.LEAF, flow.from(), flow.to());
      leavesLeaf += domain || node || leaf ? 0 : flow.share();
    }
  }

  private void everyPair(List<Integer> from, List<Integer> to) {
    for (int a : from) {
      for (int b : to) {
        double between = links.gigabytesPerSecond(a, b);
        bandwidth += between;
        leastBandwidth = Math.min(leastBandwidth, between);
        allPairsSeconds += links.seconds(a, b);
        pairCount++;
      }
    }
  }

  private boolean together(Level level, int a, int b) {
    int block = world.block(level, a);
    return block != World.NONE && block == world.block(level, b);
  }

  Report report(Policy policy, long seed, int stuck, double[] decisionMillis) {
    double[] sorted = decisionMillis.clone();
    Arrays.sort(sorted);
    return new Report(
        new Result(
            policy.label(),
            world.size(),
            seed,
            world.groups().size(),
            (int) world.groups().stream().filter(World.GroupState::complete).count(),
            inOne(Level.NVLINK),
            inOne(Level.LEAF),
            mean(seconds * 1e3, groupsWithPairs),
            pairCount == 0 ? null : rounded(leastBandwidth),
            groupsWithPairs == 0 ? 0 : rounded(leavesLeaf / groupsWithPairs),
            largestFreeBlock(),
            stuck,
            rounded(Arrays.stream(sorted).average().orElse(0))),
        mean(bandwidth, pairCount),
        mean(allPairsSeconds * 1e3, pairCount),
        groupsWithPairs == 0 ? 0 : rounded(leavesDomain / groupsWithPairs),
        gpuAllocation(),
        rounded(quantile(sorted, 0.5)),
        rounded(quantile(sorted, 0.99)));
  }

  private int inOne(Level level) {
    return (int)
        world.groups().stream()
            .filter(World.GroupState::complete)
            .filter(group -> {
              List<Integer> blocks =
                  group.members().stream()
                      .map(group::node)
                      .map(node -> node == null ? World.NONE : world.block(level, node))
                      .distinct()
                      .toList();
              return blocks.size() == 1 && blocks.getFirst() != World.NONE;
            })
            .count();
  }

  private int largestFreeBlock() {
    int[] free = new int[world.blockCount(Level.NVLINK)];
    int largest = 0;
    for (int node = 0; node < world.size(); node++) {
      if (world.free(node) < world.gpus(node)) {
        continue;
      }
      int domain = world.block(Level.NVLINK, node);
      if (domain != World.NONE) {
        free[domain] += world.gpus(node);
        largest = Math.max(largest, free[domain]);
      } else {
        largest = Math.max(largest, world.gpus(node));
      }
    }
    return largest;
  }

  private double gpuAllocation() {
    long all = 0;
    long free = 0;
    for (int node = 0; node < world.size(); node++) {
      all += world.gpus(node);
      free += world.free(node);
    }
    return all == 0 ? 0 : rounded((double) (all - free) / all);
  }

  private static @Nullable Double mean(double sum, long count) {
    return count == 0 ? null : rounded(sum / count);
  }

  private static double quantile(double[] sorted, double share) {
    OptionalDouble found =
        sorted.length == 0
            ? OptionalDouble.empty()
            : OptionalDouble.of(sorted[(int) Math.min(sorted.length - 1, share * sorted.length)]);
    return found.orElse(0);
  }

  /** Four decimals: below any noise, and what is read stays readable. */
  private static double rounded(double value) {
    return Math.round(value * 1e4) / 1e4;
  }
}
