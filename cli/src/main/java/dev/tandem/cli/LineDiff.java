package dev.tandem.cli;

import java.util.List;

/**
 * What changed between two texts, line by line: a blank before lines that stayed, {@code -} and
 * {@code +} before those that went and came. Only lines near a change are shown.
 */
final class LineDiff {

  private static final int CONTEXT = 2;

  /** Longer lines are cut: of our marker the beginning says enough. */
  private static final int MOST_CHARACTERS = 300;

  /** Above this many pairs of lines the whole middle is shown as replaced. */
  private static final long MOST_PAIRS = 50_000_000;

  private LineDiff() {}

  /** The difference; empty where there is none. */
  static String between(String before, String after) {
    List<String> a = before.lines().toList();
    List<String> b = after.lines().toList();
    if (a.equals(b)) {
      return "";
    }
    StringBuilder marks = new StringBuilder();
    StringBuilder lines = new StringBuilder();
    int[][] common = (long) a.size() * b.size() > MOST_PAIRS ? new int[0][] : common(a, b);
    int i = 0;
    int j = 0;
    while (i < a.size() || j < b.size()) {
      if (i < a.size() && j < b.size() && a.get(i).equals(b.get(j))) {
        mark(marks, lines, ' ', a.get(i));
        i++;
        j++;
      } else if (j == b.size()
          || (i < a.size() && (common.length == 0 || common[i + 1][j] >= common[i][j + 1]))) {
        mark(marks, lines, '-', a.get(i++));
      } else {
        mark(marks, lines, '+', b.get(j++));
      }
    }
    return nearChanges(marks.toString(), lines.toString().lines().toList());
  }

  private static void mark(StringBuilder marks, StringBuilder lines, char mark, String line) {
    marks.append(mark);
    lines.append(mark).append(shown(line)).append('\n');
  }

  private static String shown(String line) {
    int left = line.length() - MOST_CHARACTERS;
    return left <= 0
        ? line
        : "%s... (%,d more characters)".formatted(line.substring(0, MOST_CHARACTERS), left);
  }

  private static int[][] common(List<String> a, List<String> b) {
    int[][] common = new int[a.size() + 1][b.size() + 1];
    for (int i = a.size() - 1; i >= 0; i--) {
      for (int j = b.size() - 1; j >= 0; j--) {
        common[i][j] =
            a.get(i).equals(b.get(j))
                ? common[i + 1][j + 1] + 1
                : Math.max(common[i + 1][j], common[i][j + 1]);
      }
    }
    return common;
  }

  private static String nearChanges(String marks, List<String> lines) {
    StringBuilder text = new StringBuilder();
    boolean cut = false;
    for (int i = 0; i < lines.size(); i++) {
      int from = Math.max(0, i - CONTEXT);
      int to = Math.min(marks.length(), i + CONTEXT + 1);
      if (marks.substring(from, to).isBlank()) {
        cut = true;
        continue;
      }
      text.append(cut ? "...\n" : "").append(lines.get(i)).append('\n');
      cut = false;
    }
    return text.toString();
  }
}
