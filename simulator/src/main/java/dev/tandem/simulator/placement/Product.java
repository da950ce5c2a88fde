package dev.tandem.simulator.placement;

import dev.tandem.api.Transfer;
import dev.tandem.topology.graph.Interconnect;
import dev.tandem.topology.placement.Blocks;
import dev.tandem.topology.placement.Choice;
import dev.tandem.topology.placement.Group;
import dev.tandem.topology.placement.Left;
import dev.tandem.topology.placement.Member;
import dev.tandem.topology.placement.Placed;
import dev.tandem.topology.placement.Planner;
import dev.tandem.topology.placement.Ranking;
import dev.tandem.topology.placement.Reservations;
import dev.tandem.topology.placement.Uplinks;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * The production planner, asked as the extender asks it: one pod at a time, the whole group planned
 * from its first pod on because its size is announced, places kept for every other half-placed
 * group; a group for which every link costs the same is left to kube-scheduler, but for the places
 * others wait for. The only class that knows the planner's interface. One thread.
 */
final class Product implements Placer {
  /** The extender's defaults: places within 5 % of the best are equal, 32 names an answer. */
  private static final double NOISE = 0.05;

  private static final int SHORT_LIST = 32;

  /** As many plans of other groups as the extender makes anew for one question. */
  private static final int MOST_SEARCHES = 16;

  private final World world;
  private final Planner planner;
  private final Reservations reservations;
  private final Transfer transfer;
  private final Blocks blocks;
  private final Uplinks uplinks;
  private final int[] numbers;
  private final KubeScheduler scheduler;

  /**
   * @param random for the scheduler it runs beside
   */
  Product(Scenario scenario, World world, Random random) {
    this.world = world;
    planner = new Planner(scenario.prediction().cost(), NOISE, SHORT_LIST);
    reservations = new Reservations(planner, MOST_SEARCHES);
    transfer = scenario.prediction().transfer(scenario.workload());
    blocks = Blocks.of(world.interconnect());
    uplinks = new Uplinks(blocks);
    scheduler =
        new KubeScheduler(
            world,
            KubeScheduler.Scoring.LEAST_ALLOCATED,
            KubeScheduler.Ties.HEAP,
            KubeScheduler.Affinity.NONE,
            random);
    numbers = new int[world.size()];
    for (int node = 0; node < numbers.length; node++) {
      numbers[node] = blocks.indexOf(world.name(node));
    }
  }

  @Override
  public OptionalInt place(Pod pod) {
    int[] free = new int[numbers.length];
    int[] candidates = new int[numbers.length];
    int count = 0;
    for (int node = 0; node < numbers.length; node++) {
      free[numbers[node]] = world.free(node);
      if (world.free(node) >= pod.gpus()) {
        candidates[count++] = numbers[node];
      }
    }
    if (count == 0) {
      return OptionalInt.empty(); // the scheduler does not ask an extender then
    }
    candidates = Arrays.copyOf(candidates, count);
    Arrays.sort(candidates);
    Group group = group(world.group(pod.group()));
    Left claims = left(group, free);
    int[] left = claims.gpus();
    if (planner.indifferent(blocks, group)) {
      return scheduler.placeAmong(pod, node -> left[numbers[node]] >= pod.gpus());
    }
    Member member = member(pod);
    Choice kept = claims.place(group, member, node -> free[node] >= pod.gpus());
    if (kept != null) {
      return settled(group, member, kept);
    }
    return switch (rank(member, group, free, left, candidates)) {
      case Ranking.Ranked ranked -> settled(group, member, ranked.best());
      case Ranking.Refused refused -> OptionalInt.empty();
    };
  }

  private OptionalInt settled(Group group, Member member, Choice choice) {
    List<Placed> placed = new ArrayList<>(group.placed());
    placed.add(new Placed(member, choice.node()));
    uplinks.group(group.key(), placed);
    return OptionalInt.of(world.indexOf(choice.node()));
  }

  private Left left(Group group, int[] free) {
    List<Group> waiting = world.halfPlaced().stream().map(this::group).toList();
    return reservations.left(
        blocks, free, free, waiting, group.key(), group.priority(), any -> null);
  }

  private Ranking rank(Member member, Group group, int[] free, int[] left, int[] candidates) {
    double @Nullable [][] flows = uplinks.flows(group.key());
    Ranking ranking = planner.rank(blocks, free, left, flows, group, member, candidates);
    if (ranking instanceof Ranking.Ranked ranked) {
      reservations.keep(blocks, group, member, ranked.best());
    }
    return ranking;
  }

  /** What the product predicts between two pods alone, in seconds. */
  static double seconds(
      Scenario scenario, Interconnect interconnect, String fromNode, String toNode) {
    Workload.Pairs pairs = scenario.workload().pairs();
    List<Placed> pair =
        List.of(
            new Placed(new Member("from", pairs.from(), 0), fromNode),
            new Placed(new Member("to", pairs.to(), 0), toNode));
    Transfer transfer = scenario.prediction().transfer(scenario.workload());
    return new Planner(scenario.prediction().cost(), NOISE, SHORT_LIST)
        .seconds(interconnect, new Group("pair", "pair", 0, pair, List.of(), transfer, null));
  }

  private Group group(World.GroupState state) {
    List<Placed> placed = new ArrayList<>();
    List<Member> missing = new ArrayList<>();
    for (Pod pod : state.members()) {
      Integer node = state.node(pod);
      if (node == null) {
        missing.add(member(pod));
      } else {
        placed.add(new Placed(member(pod), world.name(node)));
      }
    }
    String key = "g%05d".formatted(state.number());
    return new Group(key, key, state.number(), placed, missing, transfer, null);
  }

  private static Member member(Pod pod) {
    return new Member(pod.id(), pod.role(), pod.gpus());
  }
}
