package dev.tandem.topology.placement;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * What groups that wait leave to a pod, and the plan that is kept for its own. Made for one
 * question; one thread.
 */
public final class Left {
  private final Blocks blocks;
  private final int[] gpus;
  private final @Nullable Kept own;

  /** A plan that a choice came with, of which no search could find a cheaper one. */
  record Kept(Group group, Reservation plan, Choice choice) {
    /** Whether the pod is where it was sent, as far as this plan goes. */
    private boolean places(Member pod) {
      return group.placed().stream().anyMatch(placed -> placed.member().id().equals(pod.id()));
    }
  }

  Left(Blocks blocks, int[] gpus, @Nullable Kept own) {
    this.blocks = blocks;
    this.gpus = gpus;
    this.own = own;
  }

  /** GPUs by node number; the question's own. */
  public int[] gpus() {
    return gpus;
  }

  /**
   * The place kept for a pod since a member before it was placed, so that nothing need be searched;
   * null where there is none, or where a search could find a cheaper one.
   *
   * @param group as it is now, the pod among those missing or not listed
   * @param offered whether a node may be chosen
   */
  public @Nullable Choice place(Group group, Member pod, IntPredicate offered) {
    Kept kept = own;
    if (kept == null || kept.places(pod) || !simple(group, pod)) {
      return null;
    }
    List<Member> others = new ArrayList<>(group.missing());
    others.removeIf(member -> member.id().equals(pod.id()));
    List<Reservation.Slot> slots = new ArrayList<>(kept.plan().slots());
    Reservation.Slot place =
        Reservation.take(slots, pod, node -> gpus[node] >= pod.gpus() && offered.test(node));
    if (place == null || slots.size() != others.size()) {
      return null;
    }
    Map<String, String> plan = new LinkedHashMap<>();
    plan.put(pod.id(), blocks.name(place.node()));
    for (Member member : others) {
      Reservation.Slot slot = Reservation.take(slots, member, any -> true);
      if (slot == null) {
        return null;
      }
      plan.put(member.id(), blocks.name(slot.node()));
    }
    return kept.choice().keptAt(blocks.name(place.node()), plan);
  }

  /** No level is asked for, and every engine is one pod: then places of one role are alike. */
  private static boolean simple(Group group, Member pod) {
    return group.required() == null
        && alone(pod)
        && group.missing().stream().allMatch(Left::alone)
        && group.placed().stream().allMatch(placed -> alone(placed.member()));
  }

  private static boolean alone(Member member) {
    return member.engine().equals(member.id());
  }
}
