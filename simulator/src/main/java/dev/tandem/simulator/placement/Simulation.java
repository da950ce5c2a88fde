package dev.tandem.simulator.placement;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.function.LongSupplier;

/**
 * Places the groups of a scenario by one policy and measures what came out. Everything but the time
 * of decisions follows from the seed. Stateless but for the clock; safe for many threads.
 */
public final class Simulation {
  private static final int STEADY = 5;
  private static final double HARDLY = 0.9;

  private final LongSupplier nanos;

  /**
   * A simulation.
   *
   * @param nanos a clock for the time of decisions, such as {@code System::nanoTime}
   */
  public Simulation(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /**
   * Runs one policy on one seed.
   *
   * @throws IllegalArgumentException if the policy cannot do this scenario
   */
  public Report run(Scenario scenario, Policy policy, long seed) {
    // Each part draws from its own numbers, so that all policies meet the same cluster and order.
    Random background = new Random(seed);
    Random arrivals = new Random(seed + 1_000_003);
    Random choices = new Random(seed + 2_000_003);
    World world = new World(scenario, scenario.background().used(scenario.shape(), background));
    Placer placer = policy.placer(scenario, world, choices);
    List<Pod> order = order(scenario, arrivals);
    double[] millis = new double[order.size()];
    List<Pod> waiting = new ArrayList<>();
    for (int i = 0; i < millis.length; i++) {
      Pod pod = order.get(i);
      world.created(pod);
      long begin = nanos.getAsLong();
      OptionalInt node = placer.place(pod);
      millis[i] = (nanos.getAsLong() - begin) / 1e6;
      if (node.isPresent()) {
        world.place(pod, node.getAsInt());
      } else {
        waiting.add(pod);
      }
    }
    int stuck = retry(world, placer, waiting);
    return new Measures(world, new Links(world, scenario), scenario.workload().pairs())
        .report(policy, seed, stuck, millis);
  }

  /**
   * Places the groups of a scenario over and over and keeps nothing, so that the decisions measured
   * afterwards are not those of cold code. Ends once {@value #STEADY} rounds in a row were hardly
   * quicker than the quickest before, or after the pod at hand when the time is over.
   *
   * @param bound most time it takes
   */
  public void warmUp(Scenario scenario, Policy policy, long seed, Duration bound) {
    long end = nanos.getAsLong() + bound.toNanos();
    long quickest = Long.MAX_VALUE;
    int steady = 0;
    while (steady < STEADY) {
      long begin = nanos.getAsLong();
      if (!round(scenario, policy, seed, end)) {
        return;
      }
      long took = nanos.getAsLong() - begin;
      steady = took < quickest * HARDLY ? 0 : steady + 1;
      quickest = Math.min(quickest, took);
    }
  }

  /** False if the time was over before the last pod. */
  private boolean round(Scenario scenario, Policy policy, long seed, long end) {
    World world =
        new World(scenario, scenario.background().used(scenario.shape(), new Random(seed)));
    Placer placer = policy.placer(scenario, world, new Random(seed));
    for (Pod pod : order(scenario, new Random(seed))) {
      if (nanos.getAsLong() >= end) {
        return false;
      }
      world.created(pod);
      placer.place(pod).ifPresent(node -> world.place(pod, node));
    }
    return true;
  }

  /** Waiting pods are tried again as long as any of them finds a place. */
  private static int retry(World world, Placer placer, List<Pod> waiting) {
    List<Pod> left = waiting;
    boolean progress = true;
    while (progress && !left.isEmpty()) {
      List<Pod> still = new ArrayList<>();
      for (Pod pod : left) {
        placer.place(pod).ifPresentOrElse(node -> world.place(pod, node), () -> still.add(pod));
      }
      progress = still.size() < left.size();
      left = still;
    }
    return left.size();
  }

  /**
   * The order in which pods come: each client creates one group after the other, pod by pod, and
   * the seed says whose turn it is. Pods that are added later come last, group by group.
   */
  static List<Pod> order(Scenario scenario, Random random) {
    List<Deque<Pod>> clients = new ArrayList<>();
    List<Pod> order = new ArrayList<>();
    int next = 0;
    while (next < scenario.groups() || !clients.isEmpty()) {
      while (clients.size() < scenario.clients() && next < scenario.groups()) {
        clients.add(new ArrayDeque<>(scenario.workload().announced(next++)));
      }
      Deque<Pod> client = clients.get(random.nextInt(clients.size()));
      order.add(client.remove());
      if (client.isEmpty()) {
        clients.remove(client);
      }
    }
    for (int group = 0; group < scenario.groups(); group++) {
      order.addAll(scenario.workload().added(group));
    }
    return order;
  }
}
