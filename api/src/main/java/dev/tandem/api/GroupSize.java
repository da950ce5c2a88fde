package dev.tandem.api;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * How many pods of each role a group has, e.g. {@code prefill=2,decode=2}. Immutable.
 *
 * @param pods pods a role; every count is 1 to {@value #MOST_PODS}
 */
public record GroupSize(Map<Role, Integer> pods) {

  /** Most pods a role may have: far above any group seen, and a bound for the planner. */
  public static final int MOST_PODS = 1024;

  private static final int MOST_SHOWN = 80;

  public GroupSize {
    if (pods.isEmpty()) {
      throw new IllegalArgumentException("A group size names at least one role");
    }
    for (Map.Entry<Role, Integer> entry : pods.entrySet()) {
      if (entry.getValue() < 1 || entry.getValue() > MOST_PODS) {
        throw new IllegalArgumentException(
            "%s=%d: accepted are 1 to %d pods a role"
                .formatted(entry.getKey().label(), entry.getValue(), MOST_PODS));
      }
    }
    pods = Collections.unmodifiableMap(new EnumMap<>(pods));
  }

  /** What {@link #parse} makes of an annotation. */
  public sealed interface Parsed permits Valid, Invalid {}

  /** A good value. */
  public record Valid(GroupSize size) implements Parsed {}

  /** A bad value; the reason says what would be accepted. */
  public record Invalid(String reason) implements Parsed {}

  /** Reads {@code role=count[,role=count...]}; blanks around parts are ignored. */
  public static Parsed parse(String value) {
    Map<Role, Integer> pods = new EnumMap<>(Role.class);
    for (String part : value.split(",", -1)) {
      int equals = part.indexOf('=');
      Role role = equals < 0 ? null : Role.parse(part.substring(0, equals).strip());
      if (role == null) {
        return new Invalid(
            "'%s' is not role=count with a role of %s".formatted(shown(part), Role.accepted()));
      }
      int count;
      try {
        count = Integer.parseInt(part.substring(equals + 1).strip());
      } catch (NumberFormatException e) {
        count = 0;
      }
      if (count < 1 || count > MOST_PODS) {
        return new Invalid(
            "'%s': accepted are 1 to %d pods a role".formatted(shown(part), MOST_PODS));
      }
      if (pods.put(role, count) != null) {
        return new Invalid("role %s is given twice".formatted(role.label()));
      }
    }
    return new Valid(new GroupSize(pods));
  }

  /** The reason goes into events and logs, and an annotation may be 256 KB. */
  private static String shown(String part) {
    String text = part.strip();
    return text.length() <= MOST_SHOWN ? text : text.substring(0, MOST_SHOWN) + "...";
  }

  /** Pods of this role, 0 where the group has none. */
  public int of(Role role) {
    return pods.getOrDefault(role, 0);
  }

  /** Pods of all roles. */
  public int total() {
    return pods.values().stream().mapToInt(Integer::intValue).sum();
  }

  /** The annotation's value. */
  @Override
  public String toString() {
    return pods.entrySet().stream()
        .map(entry -> entry.getKey().label() + "=" + entry.getValue())
        .collect(Collectors.joining(","));
  }
}
