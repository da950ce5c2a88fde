package dev.tandem.topology.placement;

import dev.tandem.api.Role;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The order in which the missing members of a group are given places. */
final class Turns {
  private Turns() {}

  /**
   * Roles in turn, whichever has the smallest share of its pods placed, larger pods first.
   *
   * @param placed pods that have a place, by role
   */
  static List<Member> of(List<Member> missing, Map<Role, Integer> placed) {
    Map<Role, ArrayDeque<Member>> byRole = new EnumMap<>(Role.class);
    missing.stream()
        .sorted(Comparator.comparingInt(Member::gpus).reversed().thenComparing(Member::id))
        .forEach(m -> byRole.computeIfAbsent(m.role(), r -> new ArrayDeque<>()).add(m));
    Map<Role, Integer> totals = new EnumMap<>(placed);
    missing.forEach(member -> totals.merge(member.role(), 1, Integer::sum));
    Map<Role, Integer> done = new EnumMap<>(placed);
    List<Member> order = new ArrayList<>(missing.size());
    while (!byRole.isEmpty()) {
      Role pick =
          Collections.min(
              byRole.keySet(),
              Comparator.comparingDouble(
                  role -> (double) done.getOrDefault(role, 0) / totals.getOrDefault(role, 1)));
      ArrayDeque<Member> waiting = byRole.getOrDefault(pick, new ArrayDeque<>());
      order.add(waiting.remove());
      done.merge(pick, 1, Integer::sum);
      if (waiting.isEmpty()) {
        byRole.remove(pick);
      }
    }
    return order;
  }
}
