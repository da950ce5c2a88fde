package dev.tandem.topology.placement;

import dev.tandem.api.Role;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The order in which the missing members of a group are given places. */
final class Turns {
  private Turns() {}

  /**
   * Roles in turn, whichever has the smallest share of its pods placed, larger pods first; the pods
   * of one engine one after another, those of {@code begun} before all others.
   *
   * @param placed pods that have a place, by role
   * @param begun the engine of the pod asked about, or null
   */
  static List<Member> of(List<Member> missing, Map<Role, Integer> placed, @Nullable String begun) {
    List<Member> order = new ArrayList<>(missing.size());
    Map<Role, Integer> totals = new EnumMap<>(placed);
    missing.forEach(member -> totals.merge(member.role(), 1, Integer::sum));
    Map<Role, Integer> done = new EnumMap<>(placed);
    Map<Role, ArrayDeque<List<Member>>> byRole = new EnumMap<>(Role.class);
    engines(missing)
        .forEach((engine, members) -> {
          Role role = members.getFirst().role();
          if (engine.equals(begun)) {
            order.addAll(members);
            done.merge(role, members.size(), Integer::sum);
          } else {
            byRole.computeIfAbsent(role, r -> new ArrayDeque<>()).add(members);
          }
        });
    while (!byRole.isEmpty()) {
      Role pick =
          Collections.min(
              byRole.keySet(),
              Comparator.comparingDouble(
                  role -> (double) done.getOrDefault(role, 0) / totals.getOrDefault(role, 1)));
      ArrayDeque<List<Member>> waiting = byRole.getOrDefault(pick, new ArrayDeque<>());
      List<Member> engine = waiting.remove();
      order.addAll(engine);
      done.merge(pick, engine.size(), Integer::sum);
      if (waiting.isEmpty()) {
        byRole.remove(pick);
      }
    }
    return order;
  }

  private static Map<String, List<Member>> engines(List<Member> missing) {
    Map<String, List<Member>> engines = new LinkedHashMap<>();
    missing.stream()
        .sorted(Comparator.comparingInt(Member::gpus).reversed().thenComparing(Member::id))
        .forEach(m -> engines.computeIfAbsent(m.engine(), e -> new ArrayList<>()).add(m));
    return engines;
  }
}
