package dev.tandem.topology.facts;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Slurm's host lists: {@code gpu-[000-003,007],login} names six nodes, with the zeros kept; several
 * brackets multiply. Also the other way: many names as few ranges.
 */
public final class NameRange {
  /** More names than any cluster has: a slip like {@code [0-99999999]} must not fill the memory. */
  public static final int MAX_NAMES = 100_000;

  /** Kubernetes' bound on a node name, which a range must not exceed either. */
  private static final int MOST_CHARACTERS = 253;

  private static final Pattern NUMBERED = Pattern.compile("(.*?)(\\d{1,9})(\\D*)", Pattern.DOTALL);
  private static final Pattern RANGE = Pattern.compile("(\\d{1,9})(?:-(\\d{1,9}))?");

  private NameRange() {}

  /**
   * All names of {@code list}, in order, each once.
   *
   * @throws IllegalArgumentException if a name is empty or longer than {@value #MOST_CHARACTERS}, a
   *     bracket or a range is malformed, or there are more names than {@value #MAX_NAMES}
   */
  public static List<String> expand(String list) {
    LinkedHashSet<String> names = new LinkedHashSet<>();
    int depth = 0;
    int start = 0;
    for (int i = 0; i <= list.length(); i++) {
      char c = i < list.length() ? list.charAt(i) : ',';
      depth += c == '[' ? 1 : c == ']' ? -1 : 0;
      if (depth < 0 || depth > 1) {
        throw refused(list, "has a bracket too many");
      }
      if (i == list.length() || (c == ',' && depth == 0)) {
        if (depth > 0) {
          throw refused(list, "has no closing bracket");
        }
        names.addAll(one(list.substring(start, i).strip(), list));
        if (names.size() > MAX_NAMES) {
          throw tooMany(list);
        }
        start = i + 1;
      }
    }
    return new ArrayList<>(names);
  }

  /** These names as host lists of at most one bracket each, in order; {@link #expand} undoes it. */
  public static List<String> fold(Collection<String> names) {
    Map<String, Map<String, TreeSet<Integer>>> runs = new TreeMap<>();
    List<String> folded = new ArrayList<>();
    for (String name : new TreeSet<>(names)) {
      Matcher matcher = NUMBERED.matcher(name);
      if (matcher.matches()) {
        String digits = matcher.group(2);
        String form = matcher.group(1) + "\0" + matcher.group(3);
        // "08" belongs to a run of two digits, "8" to one without leading zeros.
        String width = digits.startsWith("0") ? Integer.toString(digits.length()) : "";
        runs.computeIfAbsent(form, f -> new TreeMap<>())
            .computeIfAbsent(width, w -> new TreeSet<>())
            .add(Integer.parseInt(digits));
      } else {
        folded.add(name);
      }
    }
    runs.forEach((form, widths) -> {
      joinPadded(widths);
      widths.forEach((width, numbers) -> folded.add(written(form, width, numbers)));
    });
    folded.sort(null);
    return folded;
  }

  /** 08, 09 and 10 are one run: numbers without a zero join the run that has their width. */
  private static void joinPadded(Map<String, TreeSet<Integer>> widths) {
    TreeSet<Integer> plain = widths.get("");
    if (plain == null) {
      return;
    }
    plain.removeIf(number -> {
      TreeSet<Integer> padded = widths.get(Integer.toString(Integer.toString(number).length()));
      return padded != null && padded.add(number);
    });
    if (plain.isEmpty()) {
      widths.remove("");
    }
  }

  private static String written(String form, String width, TreeSet<Integer> numbers) {
    int cut = form.indexOf('\0');
    int digits = width.isEmpty() ? 1 : Integer.parseInt(width);
    StringBuilder ranges = new StringBuilder();
    int count = 0;
    Integer first = null;
    Integer last = null;
    for (Integer number : numbers) {
      if (first == null || last == null || number != last + 1) {
        append(ranges, first, last, digits);
        count++;
        first = number;
      }
      last = number;
    }
    append(ranges, first, last, digits);
    boolean single = count == 1 && numbers.size() == 1;
    return form.substring(0, cut)
        + (single ? ranges : "[" + ranges + "]")
        + form.substring(cut + 1);
  }

  private static void append(
      StringBuilder ranges, @Nullable Integer first, @Nullable Integer last, int digits) {
    if (first == null || last == null) {
      return;
    }
    ranges.append(ranges.isEmpty() ? "" : ",").append(padded(first, digits));
    if (!first.equals(last)) {
      ranges.append('-').append(padded(last, digits));
    }
  }

  /** The names of one pattern: text and brackets by turns. */
  private static List<String> one(String pattern, String list) {
    if (pattern.isEmpty()) {
      throw refused(list, "is not a name or a range");
    }
    List<String> names = List.of("");
    int position = 0;
    while (position < pattern.length()) {
      int open = pattern.indexOf('[', position);
      String text = pattern.substring(position, open < 0 ? pattern.length() : open);
      List<String> parts = List.of(text);
      if (open >= 0) {
        int close = pattern.indexOf(']', open);
        parts = numbers(pattern.substring(open + 1, close), text, list);
        position = close + 1;
      } else {
        position = pattern.length();
      }
      if ((long) names.size() * parts.size() > MAX_NAMES) {
        throw tooMany(list);
      }
      List<String> longer = new ArrayList<>(names.size() * parts.size());
      for (String name : names) {
        for (String part : parts) {
          if (name.length() + part.length() > MOST_CHARACTERS) {
            throw refused(list, "has a name of more than " + MOST_CHARACTERS + " characters");
          }
          longer.add(name + part);
        }
      }
      names = longer;
    }
    return names;
  }

  private static List<String> numbers(String ranges, String head, String list) {
    List<String> numbers = new ArrayList<>();
    for (String range : ranges.split(",", -1)) {
      Matcher matcher = RANGE.matcher(range.strip());
      if (!matcher.matches()) {
        throw refused(list, "has a range that is not FROM-TO in digits: " + BlockName.shown(range));
      }
      String from = matcher.group(1);
      int first = Integer.parseInt(from);
      int last = matcher.group(2) == null ? first : Integer.parseInt(matcher.group(2));
      if (last < first) {
        throw refused(list, "counts down: " + BlockName.shown(range));
      }
      if (last - first >= MAX_NAMES || numbers.size() + (last - first) >= MAX_NAMES) {
        throw tooMany(list);
      }
      for (int i = first; i <= last; i++) {
        numbers.add(head + padded(i, from.length()));
      }
    }
    return numbers;
  }

  private static String padded(int number, int width) {
    String digits = Integer.toString(number);
    return "0".repeat(Math.max(0, width - digits.length())) + digits;
  }

  private static IllegalArgumentException tooMany(String list) {
    return refused(list, "names more than " + MAX_NAMES + " nodes");
  }

  private static IllegalArgumentException refused(String list, String why) {
    return new IllegalArgumentException("names: '" + BlockName.shown(list) + "' " + why);
  }
}
