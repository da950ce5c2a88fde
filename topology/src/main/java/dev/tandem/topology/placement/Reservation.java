package dev.tandem.topology.placement;

import dev.tandem.api.Role;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Where the missing members of a partly placed group would go. Immutable.
 *
 * @param slots places kept, one a member that finds one
 * @param without members that find none
 * @param cheapest whether no plan can be cheaper, whatever becomes free
 */
record Reservation(List<Slot> slots, List<Slot> without, boolean cheapest) {

  /** A place for any pod of a role and size; node {@link Blocks#NONE} where there is none. */
  record Slot(Role role, int gpus, int node) {
    private boolean suits(Member member) {
      return role == member.role() && gpus == member.gpus();
    }
  }

  Reservation {
    slots = List.copyOf(slots);
    without = List.copyOf(without);
  }

  /** Whether every place still has its room. */
  boolean fits(int[] free) {
    boolean fits = true;
    for (Slot slot : slots) {
      if (free[slot.node()] < slot.gpus()) {
        return false;
      }
    }
    if (slots.size() > 1) {
      take(free, slots.size());
      for (Slot slot : slots) {
        fits &= free[slot.node()] >= 0;
      }
      slots.forEach(slot -> free[slot.node()] += slot.gpus());
    }
    return fits;
  }

  /** Takes the places off the free GPUs; a closed node stays closed. */
  void take(int[] free) {
    for (Slot slot : slots) {
      if (free[slot.node()] >= 0) {
        free[slot.node()] = Math.max(0, free[slot.node()] - slot.gpus());
      }
    }
  }

  private void take(int[] free, int count) {
    for (int i = 0; i < count; i++) {
      free[slots.get(i).node()] -= slots.get(i).gpus();
    }
  }

  /**
   * The same plan after some members went where it said, or null if the group changed in any other
   * way.
   */
  @Nullable Reservation after(Blocks blocks, Group before, Group now) {
    Set<String> known = new HashSet<>();
    before.placed().forEach(placed -> known.add(placed.member().id()));
    if (now.placed().size() < before.placed().size()) {
      return null;
    }
    List<Slot> left = new ArrayList<>(slots);
    int old = 0;
    for (Placed placed : now.placed()) {
      if (known.contains(placed.member().id())) {
        old++;
      } else {
        int node = blocks.indexOf(placed.node());
        if (take(left, placed.member(), kept -> kept == node) == null) {
          return null;
        }
      }
    }
    if (old != known.size()) {
      return null;
    }
    List<Slot> open = new ArrayList<>(left);
    open.addAll(without);
    for (Member member : now.missing()) {
      if (take(open, member, any -> true) == null) {
        return null;
      }
    }
    return open.isEmpty() ? new Reservation(left, without, cheapest) : null;
  }

  /** Takes the first place that suits a member, on a node that will do; null if there is none. */
  static @Nullable Slot take(List<Slot> slots, Member member, IntPredicate node) {
    for (int i = 0; i < slots.size(); i++) {
      if (slots.get(i).suits(member) && node.test(slots.get(i).node())) {
        return slots.remove(i);
      }
    }
    return null;
  }
}
