package dev.tandem.topology.placement;

import dev.tandem.api.Level;
import dev.tandem.api.Role;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Plans one group on one view of the free GPUs. One thread; lives for one question.
 *
 * <p>For each class of candidate nodes (same blocks, same free GPUs): put the pod there, give every
 * missing member its best place in turn, try to improve by moving and swapping members, and compare
 * what the whole group comes to.
 */
final class Search {
  /** Work for one question, in members placed on trial: about 10 ms on one 3 GHz core. */
  private static final int TRIALS = 40_000;

  /** Outcomes worth polishing: the others differ from the best by more than moving mends. */
  private static final int POLISHED = 4;

  private final Blocks blocks;
  private final Desk desk;
  private final Group group;
  private final List<Member> rest;
  private final Need need;
  private final List<int[]> classes;
  private final BitSet touched = new BitSet();
  private final List<Integer> anchors = new ArrayList<>();
  private final List<Step> steps = new ArrayList<>();

  private record Step(Member member, int node) {}

  /**
   * @param pod the member asked about, or null to plan the missing members only
   */
  Search(Blocks blocks, int[] free, List<Pairing> pairings, Group group, @Nullable Member pod) {
    this.blocks = blocks;
    this.group = group;
    List<Member> missing = new ArrayList<>(group.missing());
    if (pod != null) {
      missing.removeIf(member -> member.id().equals(pod.id()));
    }
    Map<Role, Integer> settled = new EnumMap<>(Role.class);
    group.placed().forEach(placed -> settled.merge(placed.member().role(), 1, Integer::sum));
    if (pod != null) {
      settled.merge(pod.role(), 1, Integer::sum);
    }
    this.rest = Turns.of(missing, settled);
    Set<Integer> sizes = new TreeSet<>();
    missing.forEach(member -> sizes.add(member.gpus()));
    if (pod != null) {
      sizes.add(pod.gpus());
    }
    int[] distinct = sizes.stream().mapToInt(Integer::intValue).toArray();
    this.desk = new Desk(blocks, free, pairings, distinct);
    this.need = new Need(desk, distinct.length, rest);
    Map<Role, Integer> totals = new EnumMap<>(settled);
    missing.forEach(member -> totals.merge(member.role(), 1, Integer::sum));
    totals.forEach(desk::total);
    for (Placed placed : group.placed()) {
      int node = blocks.indexOf(placed.node());
      if (node != Blocks.NONE) {
        desk.anchor(placed.member().role(), node);
        anchors.add(node);
        touched.set(node);
      }
    }
    this.classes = NodeClasses.open(blocks, desk, touched);
  }

  /** The best outcome of each class that can take the pod, best first; a class a list of nodes. */
  List<Ranked> rank(Member pod, Collection<String> candidates, boolean byTheBooks) {
    List<Option> options = new ArrayList<>();
    Map<Integer, int[]> members = new HashMap<>();
    for (int[] nodes : NodeClasses.of(candidates, blocks, desk, touched)) {
      if (!byTheBooks || desk.holds(nodes[0], pod.gpus())) {
        if (group.required() == null || meets(group.required(), pod, nodes[0])) {
          members.put(nodes[0], nodes);
          options.add(judge(pod, nodes[0], Tier.ALL.ordinal(), 0, 0));
        }
      }
    }
    options.sort(Option.BEST_FIRST);
    List<Ranked> ranked = new ArrayList<>();
    int trials = 0;
    for (Option option : options) {
      if (trials > TRIALS && !ranked.isEmpty()) {
        break;
      }
      int @Nullable [] nodes = members.get(option.node());
      if (nodes != null) {
        boolean polish = ranked.size() < POLISHED;
        ranked.add(new Ranked(outcome(pod, option.node(), polish), nodes));
        trials += trialsOfLast;
      }
    }
    ranked.sort((a, b) -> Outcome.BEST_FIRST.compare(a.outcome(), b.outcome()));
    return ranked;
  }

  /** An outcome and all the nodes it is as good for. */
  record Ranked(Outcome outcome, int[] nodes) {}

  /** Predicted seconds of the group as it stands. */
  double seconds() {
    return desk.seconds();
  }

  /** Where the missing members would go, for a group that has its first pods; by node number. */
  Map<Integer, Integer> reservation() {
    Map<Integer, Integer> taken = new TreeMap<>();
    complete(anchors.isEmpty() ? Blocks.NONE : anchors.getFirst());
    for (Step step : steps) {
      taken.merge(step.node(), step.member().gpus(), Integer::sum);
    }
    return taken;
  }

  /** The most of the group one block of {@code level} has room for, for a refusal. */
  String roomAt(Level level, Member pod) {
    Tier tier = tierOf(level);
    int best = 0;
    String name = "none";
    for (int block = 0; block < blocks.count(tier.ordinal()); block++) {
      int free = desk.freeOf(tier.ordinal(), block);
      if (free > best) {
        best = free;
        name = blocks.blockName(tier, block);
      }
    }
    int wanted = pod.gpus() + rest.stream().mapToInt(Member::gpus).sum();
    return wanted + " GPUs are wanted, the freest one (" + name + ") has " + best;
  }

  private int trialsOfLast;

  private Outcome outcome(Member pod, int node, boolean polish) {
    trialsOfLast = 1;
    desk.place(pod, node);
    BitSet touchedBefore = (BitSet) touched.clone();
    touched.set(node);
    if (group.required() == Level.NODE) {
      rest.forEach(member -> take(member, node));
    } else {
      complete(node);
      if (polish) {
        polish();
      }
    }
    Outcome outcome = describe(pod, node);
    undoAll(touchedBefore);
    desk.takeBack(pod, node);
    return outcome;
  }

  /** Gives every missing member its best place in turn; those without one are left out. */
  private void complete(int start) {
    int tier = Tier.ALL.ordinal();
    int block = 0;
    if (start != Blocks.NONE) {
      tier = scope(start);
      block = blocks.block(tier, start);
    }
    for (int i = 0; i < rest.size(); i++) {
      Member member = rest.get(i);
      need.add(desk.sizeIndex(member.gpus()), -1);
      Option best = best(member, tier, block, i + 1);
      if (best == null && tier != Tier.ALL.ordinal()) {
        best = best(member, Tier.ALL.ordinal(), 0, i + 1);
      }
      if (best != null) {
        take(member, best.node());
      }
    }
    for (int i = 0; i < rest.size(); i++) {
      need.add(desk.sizeIndex(rest.get(i).gpus()), 1);
    }
  }

  /** Nearest tier whose block around {@code node} holds all that is placed and fits the rest. */
  private int scope(int node) {
    int everybody = desk.membersOf(Tier.ALL.ordinal(), 0);
    for (int tier = 0; tier < Tier.LINKED; tier++) {
      int block = blocks.block(tier, node);
      if (block != Blocks.NONE
          && desk.membersOf(tier, block) == everybody
          && desk.fits(tier, block, need)) {
        return tier;
      }
    }
    return Tier.ALL.ordinal();
  }

  private @Nullable Option best(Member member, int tier, int block, int next) {
    Option best = null;
    for (int node = touched.nextSetBit(0); node >= 0; node = touched.nextSetBit(node + 1)) {
      best = better(best, member, node, tier, block, next);
    }
    for (int[] nodes : classes) {
      if (blocks.block(tier, nodes[0]) != block) {
        continue;
      }
      for (int node : nodes) {
        if (!touched.get(node)) {
          best = better(best, member, node, tier, block, next);
          break;
        }
      }
    }
    return best;
  }

  private @Nullable Option better(
      @Nullable Option best, Member member, int node, int tier, int block, int next) {
    if (blocks.block(tier, node) != block || !desk.holds(node, member.gpus())) {
      return best;
    }
    trialsOfLast++;
    Option option = judge(member, node, tier, block, next);
    return best == null || Option.BEST_FIRST.compare(option, best) < 0 ? option : best;
  }

  private Option judge(Member member, int node, int scopeTier, int scopeBlock, int next) {
    int closeTier = closeTier(node);
    desk.place(member, node);
    int restTier = Tier.ALL.ordinal();
    for (int tier = 0; tier < Tier.ALL.ordinal(); tier++) {
      if (desk.fits(tier, blocks.block(tier, node), need)) {
        restTier = tier;
        break;
      }
    }
    int nextTier = 0;
    if (next < rest.size() && restTier > Tier.BOARD.ordinal()) {
      nextTier = nextTier(node, rest.get(next));
    }
    int board = Tier.BOARD.ordinal();
    int leaf = Tier.LEAF.ordinal();
    Option option =
        new Option(
            node,
            !desk.fits(scopeTier, scopeBlock, need),
            desk.cost(),
            restTier,
            nextTier,
            closeTier,
            desk.freeOf(board, blocks.block(board, node)),
            desk.free(node),
            desk.freeOf(leaf, blocks.block(leaf, node)));
    desk.takeBack(member, node);
    return option;
  }

  private int closeTier(int node) {
    for (int tier = 0; tier < Tier.VALUES.length; tier++) {
      int block = blocks.block(tier, node);
      if (block != Blocks.NONE && desk.membersOf(tier, block) > 0) {
        return tier;
      }
    }
    return Tier.VALUES.length;
  }

  private int nextTier(int node, Member member) {
    int size = desk.sizeIndex(member.gpus());
    for (int tier = 0; tier < Tier.VALUES.length; tier++) {
      int block = blocks.block(tier, node);
      if (block != Blocks.NONE && desk.places(size, tier, block) > 0) {
        return tier;
      }
    }
    return Tier.VALUES.length;
  }

  /** Moves and swaps planned members while that makes the plan cheaper; two rounds at most. */
  private void polish() {
    for (int round = 0; round < 2 && desk.hasPairs(); round++) {
      double before = desk.cost();
      for (int i = 0; i < steps.size(); i++) {
        move(i);
        for (int j = i + 1; j < steps.size(); j++) {
          swap(i, j);
        }
      }
      if (desk.cost() >= before * (1 - Option.EQUAL)) {
        return;
      }
    }
  }

  private void move(int i) {
    Step step = steps.get(i);
    double before = desk.cost();
    desk.takeBack(step.member(), step.node());
    Option best = best(step.member(), Tier.ALL.ordinal(), 0, rest.size());
    boolean better = best != null && best.cost() < before * (1 - Option.EQUAL);
    int node = better && best != null ? best.node() : step.node();
    desk.place(step.member(), node);
    touched.set(node);
    steps.set(i, new Step(step.member(), node));
  }

  private void swap(int i, int j) {
    Step a = steps.get(i);
    Step b = steps.get(j);
    if (a.node() == b.node()
        || a.member().role() == b.member().role()
        || a.member().gpus() != b.member().gpus()) {
      return;
    }
    double before = desk.cost();
    exchange(a, b);
    if (desk.cost() < before * (1 - Option.EQUAL)) {
      steps.set(i, new Step(a.member(), b.node()));
      steps.set(j, new Step(b.member(), a.node()));
    } else {
      exchange(new Step(a.member(), b.node()), new Step(b.member(), a.node()));
    }
  }

  private void exchange(Step a, Step b) {
    desk.takeBack(a.member(), a.node());
    desk.takeBack(b.member(), b.node());
    desk.place(a.member(), b.node());
    desk.place(b.member(), a.node());
  }

  private void take(Member member, int node) {
    desk.place(member, node);
    touched.set(node);
    steps.add(new Step(member, node));
  }

  private void undoAll(BitSet touchedBefore) {
    for (Step step : steps) {
      desk.takeBack(step.member(), step.node());
    }
    steps.clear();
    touched.clear();
    touched.or(touchedBefore);
  }

  private Outcome describe(Member pod, int node) {
    Map<String, Integer> nodes = new LinkedHashMap<>();
    nodes.put(pod.id(), node);
    steps.forEach(step -> nodes.put(step.member().id(), step.node()));
    Set<Integer> all = new HashSet<>(anchors);
    all.addAll(nodes.values());
    int[] waste = {left(all, Tier.BOARD), broken(pod, node), left(all, Tier.LEAF)};
    int unplaced = rest.size() - steps.size();
    return new Outcome(
        node, unplaced, desk.cost(), desk.seconds(), waste, nodes, picture(all, node));
  }

  /**
   * What the plan takes from nodes, counted by squares: half of a whole node costs more than a half
   * free one, so whole nodes stay whole.
   */
  private int broken(Member pod, int node) {
    Map<Integer, Integer> taken = new HashMap<>(Map.of(node, pod.gpus()));
    steps.forEach(step -> taken.merge(step.node(), step.member().gpus(), Integer::sum));
    int broken = 0;
    for (Map.Entry<Integer, Integer> entry : taken.entrySet()) {
      int left = desk.free(entry.getKey());
      int before = left + entry.getValue();
      broken += before * before - left * left;
    }
    return broken;
  }

  private int left(Set<Integer> nodes, Tier tier) {
    return distinct(nodes, tier).stream().mapToInt(b -> desk.freeOf(tier.ordinal(), b)).sum();
  }

  private Set<Integer> distinct(Set<Integer> nodes, Tier tier) {
    Set<Integer> distinct = new HashSet<>();
    nodes.forEach(node -> distinct.add(blocks.block(tier, node)));
    return distinct;
  }

  private Outcome.Picture picture(Set<Integer> nodes, int node) {
    for (Tier tier : Tier.VALUES) {
      Set<Integer> distinct = distinct(nodes, tier);
      int block = blocks.block(tier, node);
      if (distinct.size() == 1 && block != Blocks.NONE) {
        return new Outcome.Picture(
            tier,
            blocks.blockName(tier, block),
            nodes.size(),
            distinct(nodes, Tier.BOARD).size(),
            desk.share(Tier.BOARD));
      }
    }
    throw new IllegalStateException("every node is in the block of all nodes");
  }

  private boolean meets(Level level, Member pod, int node) {
    if (level == Level.NODE) {
      int wanted = pod.gpus() + rest.stream().mapToInt(Member::gpus).sum();
      return desk.holds(node, wanted) && anchors.stream().allMatch(anchor -> anchor == node);
    }
    int tier = tierOf(level).ordinal();
    int block = blocks.block(tier, node);
    if (block == Blocks.NONE || desk.membersOf(tier, block) != anchors.size()) {
      return false;
    }
    desk.place(pod, node);
    boolean fits = desk.fits(tier, block, need);
    desk.takeBack(pod, node);
    return fits;
  }

  static Tier tierOf(Level level) {
    return switch (level) {
      case NODE -> Tier.BOARD;
      case NVLINK -> Tier.NVLINK;
      case LEAF -> Tier.LEAF;
      case SPINE -> Tier.SPINE;
      case CORE -> Tier.CORE;
      case ZONE -> Tier.ZONE;
    };
  }

  @Override
  public String toString() {
    return group.key() + ": " + Arrays.toString(anchors.toArray()) + " + " + rest.size();
  }
}
