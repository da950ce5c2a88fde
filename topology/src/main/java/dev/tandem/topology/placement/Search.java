package dev.tandem.topology.placement;

import dev.tandem.api.Level;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Plans one group on one view of the free GPUs. One thread; lives for one question.
 *
 * <p>For each class of candidate nodes (same blocks, same free GPUs): put the pod there, give every
 * missing member its best place in turn, try to improve by moving and swapping members, and compare
 * what the whole group comes to. Classes are tried in the order of what the pod alone comes to
 * there. The search ends early once a plan is as cheap as any can be and whole in one block, and
 * the classes left would leave more of a larger block behind; else when the work is spent.
 */
final class Search {
  /** Work for one question, in members judged on nodes: about 2 ms on one 3 GHz core. */
  private static final int TRIALS = 16_000;

  /** Outcomes worth polishing: the others differ from the best by more than moving mends. */
  private static final int POLISHED = 4;

  /** Classes tried at least, so that people see what else there was. */
  private static final int ALTERNATIVES = 6;

  /** Classes tried at most that fit as tightly as a plan which cannot be cheaper. */
  private static final int TIES = 24;

  private final Draft draft;
  private final Blocks blocks;
  private final Desk desk;
  private final Judge judge;
  private final Completion completion;
  private final Closing closing;

  /**
   * @param pod the member asked about, or null to plan the missing members only
   */
  Search(
      Blocks blocks,
      int[] free,
      double @Nullable [][] flows,
      List<Pairing> pairings,
      Group group,
      @Nullable Member pod) {
    this.draft = new Draft(blocks, free, flows, pairings, group, pod);
    this.blocks = blocks;
    this.desk = draft.desk;
    this.judge = new Judge(draft);
    this.completion = new Completion(draft, judge);
    this.closing = new Closing(draft);
  }

  /** An outcome and all the nodes it is as good for. */
  record Ranked(Outcome outcome, int[] nodes) {}

  /**
   * The outcomes of classes that can take the pod, best first.
   *
   * @param candidates node numbers, ascending, none twice
   * @param byTheBooks only nodes that have room by our own count
   */
  List<Ranked> rank(Member pod, int[] candidates, boolean byTheBooks) {
    List<Option> options = new ArrayList<>();
    Map<Integer, int[]> classes = new HashMap<>();
    NodeClasses offered =
        Arrays.equals(candidates, draft.open)
            ? draft.classes
            : new NodeClasses(blocks, desk.free(), candidates, draft.touched);
    for (int c = 0; c < offered.count(); c++) {
      if (acceptable(pod, offered.first(c), byTheBooks)) {
        options.add(judge.of(pod, offered.first(c), Tier.ALL.ordinal(), 0, 0));
        classes.put(offered.first(c), offered.nodes(c));
      }
    }
    for (int node : candidates) {
      if (draft.touched.get(node) && acceptable(pod, node, byTheBooks)) {
        options.add(judge.of(pod, node, Tier.ALL.ordinal(), 0, 0));
        classes.put(node, new int[] {node});
      }
    }
    options.sort(Option.BEST_FIRST);
    return outcomes(pod, options, classes);
  }

  private boolean acceptable(Member pod, int node, boolean byTheBooks) {
    return (!byTheBooks || desk.holds(node, pod.gpus()))
        && (draft.group.required() == null || meets(draft.group.required(), pod, node));
  }

  private List<Ranked> outcomes(Member pod, List<Option> options, Map<Integer, int[]> classes) {
    List<Ranked> ranked = new ArrayList<>();
    int spent = judge.trials();
    double least = least();
    Option ideal = null;
    for (Option option : options) {
      if (judge.trials() - spent > TRIALS && !ranked.isEmpty()) {
        break;
      }
      if (ideal != null
          && (ranked.size() >= TIES
              || (ranked.size() >= ALTERNATIVES && option.kind(ideal) != 0))) {
        break;
      }
      boolean polish = ideal == null && ranked.size() < POLISHED;
      Outcome outcome = outcome(pod, option.node(), polish);
      int @Nullable [] nodes = classes.get(option.node());
      if (nodes != null) {
        ranked.add(new Ranked(outcome, nodes));
      }
      if (ideal == null && ideal(outcome, least)) {
        ideal = option;
      }
    }
    ranked.sort((a, b) -> Outcome.BEST_FIRST.compare(a.outcome(), b.outcome()));
    return ranked;
  }

  private static boolean ideal(Outcome outcome, double least) {
    return outcome.unplaced() == 0
        && outcome.picture().tier().ordinal() <= Tier.BOARD.ordinal()
        && Option.compareCost(outcome.cost(), least) <= 0;
  }

  /** What it costs if every pair meets at the nearest tier there is: no plan is cheaper. */
  private double least() {
    return desk.costAllAt(blocks.count(Tier.NVLINK.ordinal()) > 0 ? 0 : Tier.BOARD.ordinal());
  }

  private boolean cheapest() {
    return draft.steps.size() == draft.rest.size() && Option.compareCost(desk.cost(), least()) <= 0;
  }

  /** Where the missing members would go, for a group that has its first pods. */
  Reservation reservation() {
    completion.complete(draft.anchors.isEmpty() ? Blocks.NONE : draft.anchors.getFirst());
    List<Reservation.Slot> slots = new ArrayList<>();
    List<Member> open = new ArrayList<>(draft.rest);
    for (Draft.Step step : draft.steps) {
      open.remove(step.member());
      slots.add(slot(step.member(), step.node()));
    }
    List<Reservation.Slot> without =
        open.stream().map(member -> slot(member, Blocks.NONE)).toList();
    return new Reservation(slots, without, cheapest());
  }

  private static Reservation.Slot slot(Member member, int node) {
    return new Reservation.Slot(member.role(), member.gpus(), node);
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
    return wanted(pod) + " GPUs are wanted, the freest one (" + name + ") has " + best;
  }

  private int wanted(Member pod) {
    return pod.gpus() + draft.rest.stream().mapToInt(Member::gpus).sum();
  }

  private Outcome outcome(Member pod, int node, boolean polish) {
    draft.put(pod, node);
    BitSet touchedBefore = (BitSet) draft.touched.clone();
    draft.touched.set(node);
    if (draft.group.required() == Level.NODE) {
      draft.rest.forEach(member -> draft.take(member, node));
    } else {
      completion.complete(node);
      if (polish && !cheapest()) {
        completion.polish();
      }
    }
    Outcome outcome = closing.outcome(pod, node);
    draft.undo(touchedBefore);
    draft.lift(pod, node);
    return outcome;
  }

  private boolean meets(Level level, Member pod, int node) {
    if (level == Level.NODE) {
      return desk.holds(node, wanted(pod))
          && draft.anchors.stream().allMatch(anchor -> anchor == node);
    }
    int tier = tierOf(level).ordinal();
    int block = blocks.block(tier, node);
    return block != Blocks.NONE
        && desk.membersOf(tier, block) == draft.anchors.size()
        && desk.fitsAfter(tier, block, draft.need, node, pod.gpus());
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
}
