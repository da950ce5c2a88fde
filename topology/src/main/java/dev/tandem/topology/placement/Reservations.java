package dev.tandem.topology.placement;

import dev.tandem.api.Level;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The places that partly placed groups wait for, kept from question to question so that each plan
 * is made once and not for every question again.
 *
 * <p>What it answers is defined without its memory: groups in the order of priority, age and key,
 * each planned on what those before it leave. A plan in memory is used again only while a new
 * search could find no cheaper one:
 *
 * <ul>
 *   <li>the group is as it was, or some of its members went exactly where the plan said;
 *   <li>every place of the plan still has its room after the groups before it;
 *   <li>and since it was made no node has gained free GPUs, or no plan can be cheaper anyway.
 * </ul>
 *
 * The best plan among many stays the best when others among them fall away. So two answers to one
 * situation may name different nodes of equal cost, never different costs. One bound is set to
 * that: a question makes so many plans anew at most, and the groups left over keep the places they
 * have until the next question.
 *
 * <p>One thread. Holds a plan for each group waiting, and forgets those that no longer do.
 */
public final class Reservations {
  private static final Comparator<Group> BY_RIGHT =
      Comparator.comparingInt(Group::priority)
          .reversed()
          .thenComparingLong(Group::age)
          .thenComparing(Group::key);

  /** Tells which nodes a group's pods may use. */
  public interface Access {
    /** Whether each node may be used, by number; null if all that take pods may. */
    boolean @Nullable [] of(Group group);
  }

  private final Planner planner;
  private final int mostSearches;
  private final Map<String, Held> held = new HashMap<>();
  private @Nullable Blocks blocks;
  private int[] seen = {};
  private long gains;

  /**
   * A plan in memory.
   *
   * @param choice what it came with; null for one that was made for nobody's question
   */
  private record Held(Group group, Reservation plan, long gains, @Nullable Choice choice) {}

  /**
   * @param mostSearches plans made anew for one question, at most; 16 are about 2 ms at 5,000 nodes
   */
  public Reservations(Planner planner, int mostSearches) {
    this.planner = planner;
    this.mostSearches = mostSearches;
  }

  /**
   * What the groups that wait leave of a pod's free GPUs.
   *
   * @param all free GPUs of every node that takes pods, below 0 for the others; kept, so not to be
   *     changed afterwards
   * @param free those of the nodes the asked pod may use
   * @param groups all groups; those not partly placed hold nothing
   * @param own the key of the asked pod's group, whose own places are left to it
   * @param priority of the asked pod: groups of lower priority keep nothing from it
   */
  public Left left(
      Blocks blocks,
      int[] all,
      int[] free,
      Collection<Group> groups,
      @Nullable String own,
      int priority,
      Access access) {
    notice(blocks, all);
    List<Group> waiting = new ArrayList<>();
    for (Group group : groups) {
      if (!group.placed().isEmpty() && !group.missing().isEmpty()) {
        waiting.add(group);
      }
    }
    waiting.sort(BY_RIGHT);
    int[] left = free.clone();
    int[] remaining = all.clone();
    int searches = 0;
    Left.Kept kept = null;
    for (Group group : waiting) {
      Held plan = current(blocks, group);
      boolean usable = plan != null && plan.plan().fits(remaining);
      boolean best = usable && plan != null && (plan.gains() == gains || plan.plan().cheapest());
      if (!best && searches < mostSearches) {
        searches++;
        Reservation anew =
            planner.reservation(blocks, permitted(remaining, access.of(group)), group);
        plan = new Held(group, anew, gains, null);
        held.put(group.key(), plan);
      }
      if (best && group.key().equals(own)) {
        kept = kept(plan);
      }
      if (plan != null) {
        plan.plan().take(remaining);
        if (!group.key().equals(own) && group.priority() >= priority) {
          plan.plan().take(left);
        }
      }
    }
    keepOnly(waiting);
    return new Left(blocks, left, kept);
  }

  private static Left.@Nullable Kept kept(@Nullable Held plan) {
    return plan == null || plan.choice() == null || !plan.plan().cheapest()
        ? null
        : new Left.Kept(plan.group(), plan.plan(), plan.choice());
  }

  /**
   * Keeps the plan made for a pod, so that its group need not be planned again once the pod is
   * where it was sent.
   *
   * @param group the group as it was planned, the pod among those missing or not listed
   * @param choice where it was sent
   */
  public void keep(Blocks on, Group group, Member pod, Choice choice) {
    if (on != blocks) {
      return;
    }
    List<Member> members = new ArrayList<>(group.missing());
    members.removeIf(member -> member.id().equals(pod.id()));
    members.add(pod);
    List<Reservation.Slot> slots = new ArrayList<>();
    List<Reservation.Slot> without = new ArrayList<>();
    for (Member member : members) {
      String node = choice.plan().get(member.id());
      int number = node == null ? Blocks.NONE : on.indexOf(node);
      (number == Blocks.NONE ? without : slots)
          .add(new Reservation.Slot(member.role(), member.gpus(), number));
    }
    // Nothing is nearer than one NVLink domain, and no transfer leaves it for a shared link.
    boolean cheapest = choice.comfortable() && choice.shared() == Level.NVLINK;
    Reservation plan = new Reservation(slots, without, cheapest);
    held.put(group.key(), new Held(group, plan, gains, choice));
  }

  /** Forgets every plan: the next question makes them anew. */
  public void forget() {
    held.clear();
  }

  private void notice(Blocks now, int[] all) {
    if (now != blocks) {
      held.clear();
      blocks = now;
      gains++;
    } else {
      for (int node = 0; node < all.length; node++) {
        if (all[node] > seen[node]) {
          gains++;
          break;
        }
      }
    }
    seen = all;
  }

  private @Nullable Held current(Blocks on, Group group) {
    Held known = held.get(group.key());
    if (known == null || known.group() == group) {
      return known;
    }
    Reservation after = known.plan().after(on, known.group(), group);
    if (after == null) {
      held.remove(group.key());
      return null;
    }
    Held updated = new Held(group, after, known.gains(), known.choice());
    held.put(group.key(), updated);
    return updated;
  }

  private static int[] permitted(int[] free, boolean @Nullable [] nodes) {
    if (nodes == null) {
      return free;
    }
    int[] permitted = free.clone();
    for (int node = 0; node < permitted.length; node++) {
      if (!nodes[node]) {
        permitted[node] = Desk.CLOSED;
      }
    }
    return permitted;
  }

  private void keepOnly(List<Group> waiting) {
    if (held.size() > 2 * waiting.size() + 64) {
      Set<String> keys = new HashSet<>();
      waiting.forEach(group -> keys.add(group.key()));
      held.keySet().retainAll(keys);
    }
  }
}
