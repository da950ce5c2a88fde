package dev.tandem.topology.facts;

import java.util.ArrayList;
import java.util.List;

/** Slurm's bracket ranges: {@code gpu-[000-003,007]} names five nodes, with the zeros kept. */
final class NameRange {
  /** More names than any cluster has: a slip like {@code [0-99999999]} must not fill the memory. */
  static final int MAX_NAMES = 100_000;

  private NameRange() {}

  /**
   * All names of {@code pattern}, in order.
   *
   * @throws IllegalArgumentException if a bracket or a range is malformed, or names more than
   *     {@value #MAX_NAMES}
   */
  static List<String> expand(String pattern) {
    int open = pattern.indexOf('[');
    if (open < 0) {
      if (pattern.isBlank() || pattern.indexOf(']') >= 0) {
        throw new IllegalArgumentException("names: '" + pattern + "' is not a name or a range");
      }
      return List.of(pattern);
    }
    int close = pattern.indexOf(']', open);
    if (close < 0) {
      throw new IllegalArgumentException("names: '" + pattern + "' has no closing bracket");
    }
    String head = pattern.substring(0, open);
    List<String> names = new ArrayList<>();
    String rest = pattern.substring(close + 1);
    List<String> tails = rest.isEmpty() ? List.of("") : expand(rest);
    for (String number : numbers(pattern.substring(open + 1, close), pattern)) {
      for (String tail : tails) {
        if (names.size() >= MAX_NAMES) {
          throw new IllegalArgumentException(
              "names: '" + pattern + "' names more than " + MAX_NAMES + " nodes");
        }
        names.add(head + number + tail);
      }
    }
    return names;
  }

  private static List<String> numbers(String ranges, String pattern) {
    List<String> numbers = new ArrayList<>();
    for (String range : ranges.split(",", -1)) {
      int dash = range.indexOf('-');
      String from = dash < 0 ? range : range.substring(0, dash);
      String to = dash < 0 ? range : range.substring(dash + 1);
      if (!from.matches("\\d{1,9}") || !to.matches("\\d{1,9}")) {
        throw new IllegalArgumentException(
            "names: '" + pattern + "' has a range that is not FROM-TO in digits: " + range);
      }
      int first = Integer.parseInt(from);
      int last = Integer.parseInt(to);
      if (last < first || last - first >= MAX_NAMES) {
        throw new IllegalArgumentException(
            "names: '" + pattern + "' counts down or names more than " + MAX_NAMES + ": " + range);
      }
      for (int i = first; i <= last; i++) {
        String digits = Integer.toString(i);
        numbers.add("0".repeat(Math.max(0, from.length() - digits.length())) + digits);
      }
    }
    return numbers;
  }
}
