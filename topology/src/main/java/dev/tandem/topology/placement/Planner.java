package dev.tandem.topology.placement;

import dev.tandem.api.Level;
import dev.tandem.api.Role;
import dev.tandem.api.TransferCost;
import dev.tandem.topology.graph.Interconnect;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Answers where a pod should go so that its whole group comes out best.
 *
 * <p>Pure: the answer depends on the arguments alone, not on the order of nodes or on earlier
 * questions, and nothing is remembered but the numbering of the last interconnect. Safe for many
 * threads.
 *
 * <p>Order of wishes: everybody finds a place; nobody takes a place that a partly placed group
 * waits for; the pods of one engine are together; the predicted KV transfer over the pairs the
 * router would use is least, the nearer block winning a tie; the whole group is in one block; there
 * is room for one more pod beside it, where nothing large need be broken for that; what is left of
 * the NVLink domains it touches is least, so that large free ones stay whole. A worse place is
 * always better than none, unless the group requires a level.
 */
public final class Planner {
  private final TransferCost cost;
  private final double noise;
  private final int shortList;
  private volatile @Nullable Blocks lastBlocks;

  /**
   * A planner.
   *
   * @param cost overheads of the transports
   * @param noise relative error of the prediction: places within it of the best are offered too, 0
   *     to 1
   * @param shortList most nodes in an answer, at least 1
   */
  public Planner(TransferCost cost, double noise, int shortList) {
    if (!(noise >= 0 && noise <= 1)) {
      throw new IllegalArgumentException("noise: " + noise + "; accepted: 0 to 1");
    }
    if (shortList < 1) {
      throw new IllegalArgumentException("short list: " + shortList + "; accepted: 1 or more");
    }
    this.cost = cost;
    this.noise = noise;
    this.shortList = shortList;
  }

  /**
   * Ranks candidate nodes for one pod of a group.
   *
   * <p>Convenient and slow: it numbers the candidates and plans every other group anew. One who
   * asks often keeps {@link Reservations} and calls {@link #rank(Blocks, int[], int[], double[][],
   * Group, Member, int[])}.
   *
   * @param cluster free GPUs, with every placed pod's GPUs taken off
   * @param group the pod's group, in which the pod may or may not be listed as missing
   * @param pod the pod asked about
   * @param candidates node names the scheduler found feasible; unknown names are passed over
   * @param others the other groups; those partly placed keep places for their missing members as
   *     long as this group finds its own elsewhere
   */
  public Ranking rank(
      Cluster cluster,
      Group group,
      Member pod,
      Collection<String> candidates,
      Collection<Group> others) {
    Blocks blocks = blocks(cluster.interconnect());
    int[] free = free(blocks, cluster);
    int[] left =
        new Reservations(this, Integer.MAX_VALUE)
            .left(blocks, free, free, List.copyOf(others), group.key(), group.priority(), g -> null)
            .gpus();
    int[] numbers =
        candidates.stream()
            .mapToInt(blocks::indexOf)
            .filter(node -> node != Blocks.NONE)
            .sorted()
            .distinct()
            .toArray();
    return rank(blocks, free, left, null, group, pod, numbers);
  }

  /**
   * Ranks candidate nodes for one pod of a group, all by number.
   *
   * @param free free GPUs by node number, with every placed pod's taken off; below 0 where this
   *     group's pods may not go
   * @param left the same without what other groups wait for
   * @param flows other groups' transfers on the uplink of each block, see {@link Uplinks#flows};
   *     null for none
   * @param candidates node numbers, ascending, none twice
   */
  public Ranking rank(
      Blocks blocks,
      int[] free,
      int[] left,
      double @Nullable [][] flows,
      Group group,
      Member pod,
      int[] candidates) {
    List<Pairing> pairings = pairings(blocks, group);
    Search polite = new Search(blocks, left, flows, pairings, group, pod);
    List<Search.Ranked> ranked = polite.rank(pod, candidates, true);
    boolean comfortable = !ranked.isEmpty() && ranked.getFirst().outcome().unplaced() == 0;
    if (!comfortable) {
      Search blunt = new Search(blocks, free, flows, pairings, group, pod);
      List<Search.Ranked> more = blunt.rank(pod, candidates, true);
      if (group.required() == null && more.isEmpty() && ranked.isEmpty()) {
        more = blunt.rank(pod, candidates, false);
      }
      if (ranked.isEmpty()
          || (!more.isEmpty()
              && more.getFirst().outcome().unplaced() < ranked.getFirst().outcome().unplaced())) {
        ranked = more;
      }
      if (ranked.isEmpty()) {
        return refusal(group, pod, blunt, candidates.length);
      }
    }
    return new Ranking.Ranked(
        choices(blocks, group, ranked, comfortable, least(blocks, pairings, group, pod)));
  }

  /**
   * Whether it makes no difference to a group where its pods go: every two nodes meet at the same
   * level, and sharing one is not cheaper by more than the noise, or not possible. Then the
   * scheduler's own wishes count alone. Never for a group that requires a level or has engines of
   * several pods.
   */
  public boolean indifferent(Blocks blocks, Group group) {
    List<Member> members = new ArrayList<>(group.missing());
    group.placed().forEach(placed -> members.add(placed.member()));
    long engines = members.stream().map(Member::engine).distinct().count();
    if (group.required() != null || engines < members.size()) {
      return false;
    }
    int[] gpus = members.stream().mapToInt(Member::gpus).sorted().toArray();
    boolean shareable = gpus.length > 1 && gpus[0] + gpus[1] <= blocks.largestNode();
    boolean pairs = false;
    for (Pairing pairing : pairings(blocks, group)) {
      if (members.stream().anyMatch(member -> member.role() == pairing.from)
          && members.stream().anyMatch(member -> member.role() == pairing.to)) {
        pairs = true;
        if (!pairing.alike(blocks, shareable, noise)) {
          return false;
        }
      }
    }
    return pairs;
  }

  /** Where the missing members of a group that has its first pods would go. */
  Reservation reservation(Blocks blocks, int[] free, Group group) {
    return new Search(blocks, free, null, pairings(blocks, group), group, null).reservation();
  }

  /**
   * The predicted KV transfer of one reference prompt for a group as it stands, in seconds: mean
   * over the pairs the router would use, members without a place counted as out of reach; 0 for a
   * group without pairs.
   */
  public double seconds(Interconnect interconnect, Group group) {
    return seconds(blocks(interconnect), group);
  }

  /** The same, on numbered nodes. */
  public double seconds(Blocks blocks, Group group) {
    int[] closed = new int[blocks.size()];
    Arrays.fill(closed, Desk.CLOSED);
    return new Draft(blocks, closed, null, pairings(blocks, group), group, null).desk.seconds();
  }

  /** What the exchange would take if every pair met as near as two nodes of the cluster can. */
  private static double least(Blocks blocks, List<Pairing> pairings, Group group, Member pod) {
    EnumSet<Role> roles = EnumSet.of(pod.role());
    group.placed().forEach(placed -> roles.add(placed.member().role()));
    group.missing().forEach(member -> roles.add(member.role()));
    Tier nearest = blocks.count(Tier.NVLINK.ordinal()) > 0 ? Tier.NVLINK : Tier.BOARD;
    return pairings.stream()
        .filter(pairing -> roles.contains(pairing.from) && roles.contains(pairing.to))
        .mapToDouble(pairing -> pairing.seconds(nearest.ordinal()))
        .sum();
  }

  private List<Choice> choices(
      Blocks blocks,
      Group group,
      List<Search.Ranked> ranked,
      boolean comfortable,
      double leastSeconds) {
    Outcome best = ranked.getFirst().outcome();
    List<Choice> choices = new ArrayList<>();
    int nearness = 0;
    Outcome previous = best;
    for (Search.Ranked row : ranked) {
      Outcome outcome = row.outcome();
      if (outcome.unplaced() > best.unplaced()
          || outcome.spread() > best.spread()
          || outcome.cost() > best.cost() * (1 + noise)) {
        break;
      }
      if (!outcome.equallyGood(previous)) {
        nearness++;
      }
      previous = outcome;
      String reason = Reason.of(blocks.interconnect().speeds(), group, outcome, comfortable);
      for (int node : row.nodes()) {
        if (choices.size() == shortList) {
          return choices;
        }
        choices.add(
            new Choice(
                blocks.name(node),
                outcome.seconds(),
                leastSeconds,
                nearness,
                shared(outcome),
                comfortable,
                reason,
                named(blocks, outcome.from(node))));
      }
    }
    return choices;
  }

  private static @Nullable Level shared(Outcome outcome) {
    Tier tier = outcome.picture().tier();
    return tier == Tier.ALL ? null : tier.level();
  }

  private static Map<String, String> named(Blocks blocks, Outcome outcome) {
    Map<String, String> plan = new LinkedHashMap<>();
    outcome.nodes().forEach((id, node) -> plan.put(id, blocks.name(node)));
    return plan;
  }

  private static Ranking refusal(Group group, Member pod, Search search, int candidates) {
    Level required = group.required();
    if (required == null) {
      return new Ranking.Refused(
          "none of the "
              + candidates
              + " candidate nodes is known; their names or the node watch must be wrong");
    }
    return new Ranking.Refused(
        "group "
            + group.name()
            + " requires one "
            + Reason.noun(Search.tierOf(required))
            + " for the whole group: "
            + search.roomAt(required, pod));
  }

  private List<Pairing> pairings(Blocks blocks, Group group) {
    return Pairing.of(cost, blocks.interconnect().speeds(), group.transfer());
  }

  private static int[] free(Blocks blocks, Cluster cluster) {
    int[] free = new int[blocks.size()];
    Arrays.fill(free, Desk.CLOSED);
    cluster
        .freeGpus()
        .forEach((name, gpus) -> {
          int node = blocks.indexOf(name);
          if (node != Blocks.NONE) {
            free[node] = Math.clamp(gpus, 0, Member.MOST_GPUS);
          }
        });
    return free;
  }

  /** Numbering a generation is the dearest step, and the next question is about the same one. */
  private Blocks blocks(Interconnect interconnect) {
    Blocks known = lastBlocks;
    if (known == null || known.interconnect() != interconnect) {
      known = Blocks.of(interconnect);
      lastBlocks = known;
    }
    return known;
  }
}
