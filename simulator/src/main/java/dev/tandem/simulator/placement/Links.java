package dev.tandem.simulator.placement;

import dev.tandem.api.Level;
import dev.tandem.topology.facts.LinkSpeeds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What lies between two nodes: the levels they share, the predicted seconds and the bandwidth. One
 * thread.
 */
final class Links {
  private static final Level[] LEVELS = Level.values();

  private final World world;
  private final Scenario scenario;
  private final Map<Integer, Double> secondsByShared = new HashMap<>();

  /** A share of a group's KV bytes that goes from one node to another. */
  record Flow(int from, int to, double share) {}

  Links(World world, Scenario scenario) {
    this.world = world;
    this.scenario = scenario;
  }

  /** Predicted seconds of one reference prompt, or of a draft's exchanges. */
  double seconds(int a, int b) {
    return secondsByShared.computeIfAbsent(
        shared(a, b),
        shared -> Product.seconds(scenario, world.interconnect(), world.name(a), world.name(b)));
  }

  /** Nearest level both nodes are in one block of, or null if they share none. */
  @Nullable Level nearest(int a, int b) {
    for (int level = LEVELS.length - 1; level >= 0; level--) {
      if (shares(level, a, b)) {
        return LEVELS[level];
      }
    }
    return null;
  }

  /**
   * Bandwidth one way in GB/s of the nearest level the two share, on one node the larger of NVLink
   * and PCIe; 0 where they share nothing.
   */
  double gigabytesPerSecond(int a, int b) {
    Level nearest = nearest(a, b);
    if (nearest == null) {
      return 0;
    }
    LinkSpeeds speeds = world.interconnect().speeds();
    double near = speeds.link(nearest).bandwidthGigabytesPerSecond();
    return nearest == Level.NODE && world.block(Level.NVLINK, a) != World.NONE
        ? Math.max(near, speeds.link(Level.NVLINK).bandwidthGigabytesPerSecond())
        : near;
  }

  /**
   * How a router that minimises transfers spreads a group's KV cache: every prefill pod gives the
   * same share, every decode pod takes the same share, nearest pairs first. Since blocks nest, that
   * is the least possible mean.
   */
  List<Flow> flows(List<Integer> from, List<Integer> to) {
    List<int[]> all = new ArrayList<>();
    for (int i = 0; i < from.size(); i++) {
      for (int j = 0; j < to.size(); j++) {
        all.add(new int[] {i, j});
      }
    }
    all.sort(Comparator.comparingDouble(pair -> seconds(from.get(pair[0]), to.get(pair[1]))));
    // Whole units: each giver has as many as there are takers, and the other way round.
    int[] give = filled(from.size(), to.size());
    int[] take = filled(to.size(), from.size());
    double unit = 1.0 / ((double) from.size() * to.size());
    List<Flow> flows = new ArrayList<>();
    for (int[] pair : all) {
      int units = Math.min(give[pair[0]], take[pair[1]]);
      if (units > 0) {
        give[pair[0]] -= units;
        take[pair[1]] -= units;
        flows.add(new Flow(from.get(pair[0]), to.get(pair[1]), units * unit));
      }
    }
    return flows;
  }

  /** Mean predicted seconds over the flows of a group. */
  double seconds(List<Integer> from, List<Integer> to) {
    double sum = 0;
    for (Flow flow : flows(from, to)) {
      sum += flow.share() * seconds(flow.from(), flow.to());
    }
    return sum;
  }

  private int shared(int a, int b) {
    int shared = 0;
    for (int level = 0; level < LEVELS.length; level++) {
      shared |= shares(level, a, b) ? 1 << level : 0;
    }
    return shared;
  }

  private boolean shares(int level, int a, int b) {
    int block = world.block(LEVELS[level], a);
    return block != World.NONE && block == world.block(LEVELS[level], b);
  }

  private static int[] filled(int count, int value) {
    int[] array = new int[count];
    Arrays.fill(array, value);
    return array;
  }
}
