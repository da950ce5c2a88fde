package dev.tandem.webhook.annotations;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Flags a router is given beside those that the webhook sets, each a {@link RouterOption}.
 *
 * @param flags as on the command line, {@code --name=value}
 */
public record RouterOptions(List<String> flags) {

  /** The router's defaults. */
  public static final RouterOptions NONE = new RouterOptions(List.of());

  /** Characters of an annotation; the longest in use have a few hundred. */
  static final int MOST_CHARACTERS = 2048;

  /**
   * Checks them.
   *
   * @throws IllegalArgumentException naming each flag that is not accepted, and what would be
   */
  public RouterOptions {
    flags = List.copyOf(flags);
    List<Problem> problems = problems("router option", flags);
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(
          problems.stream().map(Problem::message).collect(Collectors.joining("; ")));
    }
  }

  /** Reads flags separated by white space; none of them where one is wrong. */
  static RouterOptions read(String key, String text, List<Problem> problems) {
    if (text.length() > MOST_CHARACTERS) {
      problems.add(
          new Problem(key, text, "accepted are at most %d characters".formatted(MOST_CHARACTERS)));
      return NONE;
    }
    List<String> flags = text.isBlank() ? List.of() : List.of(text.strip().split("\\s+", -1));
    List<Problem> found = problems(key, flags);
    problems.addAll(found);
    return found.isEmpty() ? new RouterOptions(flags) : NONE;
  }

  /** These, and of the others what these do not set. */
  public RouterOptions over(RouterOptions others) {
    Set<String> set = flags.stream().map(RouterOptions::name).collect(Collectors.toSet());
    Stream<String> left = others.flags.stream().filter(flag -> !set.contains(name(flag)));
    return new RouterOptions(Stream.concat(left, flags.stream()).toList());
  }

  private static List<Problem> problems(String key, List<String> flags) {
    List<Problem> problems = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (String flag : flags) {
      String accepted = objection(flag, seen);
      if (accepted != null) {
        problems.add(new Problem(key, flag, accepted));
      }
    }
    return problems;
  }

  /** What is wrong with a flag after those seen; null where nothing is. */
  private static @Nullable String objection(String flag, Set<String> seen) {
    String name = name(flag);
    RouterOption option = RouterOption.of(name);
    if (option == null) {
      return notAccepted(name);
    }
    if (!flag.startsWith(name + "=") || !option.accepts(flag.substring(name.length() + 1))) {
      return "accepted is %s= and %s".formatted(name, option.accepted());
    }
    if (!seen.add(name) && !option.repeatable()) {
      return "given twice; accepted is one " + name;
    }
    return null;
  }

  private static String notAccepted(String name) {
    String reason = RouterOption.NOT_HERE.get(name);
    if (reason != null) {
      return "cannot be set here: " + reason;
    }
    String nearest = NearestKey.to(name, RouterOption.flags());
    return nearest != null
        ? "no such flag; did you mean %s=?".formatted(nearest)
        : "no such flag; accepted is --name=value with one of "
            + String.join(", ", RouterOption.flags());
  }

  private static String name(String flag) {
    int equals = flag.indexOf('=');
    return equals < 0 ? flag : flag.substring(0, equals);
  }
}
