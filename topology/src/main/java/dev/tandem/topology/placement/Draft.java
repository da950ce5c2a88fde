package dev.tandem.topology.placement;

import dev.tandem.api.Role;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A plan in the making for one group: who is on a node, who has been put on one tentatively, who
 * still needs a place. One thread; lives for one question.
 */
final class Draft {
  final Blocks blocks;
  final Group group;
  final Desk desk;
  final Engines engines;

  /** Members without a place but the one asked about, in the order they are given one. */
  final List<Member> rest;

  final Need need;

  /** Nodes of members that had one before, by number. */
  final List<Integer> anchors = new ArrayList<>();

  /** Nodes with a member of the group, tentative ones included. */
  final BitSet touched = new BitSet();

  /** Every node that takes pods, ascending. */
  final int[] open;

  /** Those, but not the ones in {@link #touched}. */
  final NodeClasses classes;

  /** What was put down tentatively after the asked pod. */
  final List<Step> steps = new ArrayList<>();

  /** A member and the node it was put on. */
  record Step(Member member, int node) {}

  /**
   * @param pod the member asked about, or null to plan the missing members only
   */
  Draft(
      Blocks blocks,
      int[] free,
      double @Nullable [][] flows,
      List<Pairing> pairings,
      Group group,
      @Nullable Member pod) {
    this.blocks = blocks;
    this.group = group;
    List<Member> missing = new ArrayList<>(group.missing());
    List<Member> everybody = new ArrayList<>();
    Map<Role, Integer> settled = new EnumMap<>(Role.class);
    if (pod != null) {
      missing.removeIf(member -> member.id().equals(pod.id()));
      settled.merge(pod.role(), 1, Integer::sum);
      everybody.add(pod);
    }
    group
        .placed()
        .forEach(placed -> {
          settled.merge(placed.member().role(), 1, Integer::sum);
          everybody.add(placed.member());
        });
    everybody.addAll(missing);
    this.rest = Turns.of(missing, settled, pod == null ? null : pod.engine());
    TreeSet<Integer> sizes = new TreeSet<>();
    missing.forEach(member -> sizes.add(member.gpus()));
    if (pod != null) {
      sizes.add(pod.gpus());
    }
    int[] distinct = sizes.stream().mapToInt(Integer::intValue).toArray();
    this.need = new Need(distinct, rest);
    Map<Role, Integer> totals = new EnumMap<>(settled);
    missing.forEach(member -> totals.merge(member.role(), 1, Integer::sum));
    this.desk =
        new Desk(
            blocks,
            free,
            flows,
            pairings.stream()
                .filter(p -> totals.containsKey(p.from) && totals.containsKey(p.to))
                .toList(),
            distinct);
    totals.forEach(desk::total);
    this.engines = new Engines(blocks, everybody);
    for (Placed placed : group.placed()) {
      int node = blocks.indexOf(placed.node());
      if (node != Blocks.NONE) {
        desk.anchor(placed.member().role(), node);
        engines.place(placed.member(), node);
        anchors.add(node);
        touched.set(node);
      }
    }
    this.open = open();
    this.classes = new NodeClasses(blocks, desk.free(), open, touched);
  }

  private int[] open() {
    int[] open = new int[blocks.size()];
    int count = 0;
    for (int node = 0; node < open.length; node++) {
      if (desk.free(node) >= 0) {
        open[count++] = node;
      }
    }
    return Arrays.copyOf(open, count);
  }

  void put(Member member, int node) {
    desk.place(member, node);
    engines.place(member, node);
  }

  void lift(Member member, int node) {
    desk.takeBack(member, node);
    engines.takeBack(member, node);
  }

  /** Puts a missing member down, to be undone with all other steps. */
  void take(Member member, int node) {
    put(member, node);
    touched.set(node);
    steps.add(new Step(member, node));
  }

  /** Takes back every step. */
  void undo(BitSet touchedBefore) {
    for (Step step : steps) {
      lift(step.member(), step.node());
    }
    steps.clear();
    touched.clear();
    touched.or(touchedBefore);
  }
}
