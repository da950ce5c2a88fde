package dev.tandem.simulator.placement;

import dev.tandem.api.Transfer;
import dev.tandem.topology.graph.Interconnect;
import dev.tandem.topology.placement.Cluster;
import dev.tandem.topology.placement.Group;
import dev.tandem.topology.placement.Member;
import dev.tandem.topology.placement.Placed;
import dev.tandem.topology.placement.Planner;
import dev.tandem.topology.placement.Ranking;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * The production planner, asked as the extender asks it: one pod at a time, the whole group planned
 * from its first pod on because its size is announced, and every other half-placed group known. The
 * only class that knows the planner's interface. One thread.
 */
final class Product implements Placer {
  /** The extender's defaults: places within 5 % of the best are equal, 32 names an answer. */
  private static final double NOISE = 0.05;

  private static final int SHORT_LIST = 32;

  private final Planner planner;
  private final Transfer transfer;

  Product(Scenario scenario) {
    planner = new Planner(scenario.prediction().cost(), NOISE, SHORT_LIST);
    transfer = scenario.prediction().transfer(scenario.workload());
  }

  @Override
  public OptionalInt place(World world, Pod pod) {
    List<String> candidates = new ArrayList<>();
    for (int node = 0; node < world.size(); node++) {
      if (world.free(node) >= pod.gpus()) {
        candidates.add(world.name(node));
      }
    }
    if (candidates.isEmpty()) {
      return OptionalInt.empty(); // the scheduler does not ask an extender then
    }
    Ranking ranking =
        planner.rank(
            new Cluster(world.interconnect(), world.freeByName()),
            group(world, world.group(pod.group())),
            member(pod),
            candidates,
            world.halfPlaced(pod.group()).stream().map(other -> group(world, other)).toList());
    return switch (ranking) {
      case Ranking.Ranked ranked -> OptionalInt.of(world.indexOf(ranked.best().node()));
      case Ranking.Refused refused -> OptionalInt.empty();
    };
  }

  /** What the product predicts between two pods alone, in seconds. */
  double seconds(Interconnect interconnect, Workload.Pairs pairs, String fromNode, String toNode) {
    List<Placed> pair =
        List.of(
            new Placed(new Member("from", pairs.from(), 0), fromNode),
            new Placed(new Member("to", pairs.to(), 0), toNode));
    return planner.seconds(
        interconnect, new Group("pair", "pair", 0, pair, List.of(), transfer, null));
  }

  private Group group(World world, World.GroupState state) {
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
