package dev.tandem.cli.report;

import java.util.ArrayList;
import java.util.List;

/**
 * Rows of text in a box, each column as wide as its widest cell. The last column may be wrapped so
 * that a line fits the terminal. Not safe for use by several threads.
 */
public final class Table {

  private enum Side {
    LEFT,
    RIGHT
  }

  private static final int NARROWEST_LAST = 24;

  private final List<String> head;
  private final List<Side> sides = new ArrayList<>();
  private final List<List<String>> rows = new ArrayList<>();
  private final List<Integer> rules = new ArrayList<>();

  /**
   * @param head column titles; one that begins with {@code >} is aligned to the right
   */
  public Table(String... head) {
    this.head = new ArrayList<>();
    for (String title : head) {
      sides.add(title.startsWith(">") ? Side.RIGHT : Side.LEFT);
      this.head.add(title.startsWith(">") ? title.substring(1) : title);
    }
  }

  /**
   * Adds a row.
   *
   * @throws IllegalArgumentException if there are not as many cells as columns
   */
  public void row(String... cells) {
    if (cells.length != head.size()) {
      throw new IllegalArgumentException(cells.length + " cells for " + head.size() + " columns");
    }
    rows.add(List.of(cells));
  }

  /** A line between the rows before and after. */
  public void rule() {
    rules.add(rows.size());
  }

  /** The table, ended by a line break. */
  public String text(int width, Ink ink) {
    int[] widths = widths(width);
    StringBuilder text = new StringBuilder(border(widths, "┌", "┬", "┐", ink));
    text.append(line(head, widths, ink, true));
    text.append(border(widths, "├", "┼", "┤", ink));
    for (int i = 0; i < rows.size(); i++) {
      if (i > 0 && rules.contains(i)) {
        text.append(border(widths, "├", "┼", "┤", ink));
      }
      text.append(wrapped(rows.get(i), widths, ink));
    }
    return text.append(border(widths, "└", "┴", "┘", ink)).toString();
  }

  private int[] widths(int most) {
    int[] widths = new int[head.size()];
    List<List<String>> all = new ArrayList<>(rows);
    all.add(head);
    for (List<String> row : all) {
      for (int c = 0; c < widths.length; c++) {
        widths[c] = Math.max(widths[c], row.get(c).codePointCount(0, row.get(c).length()));
      }
    }
    int last = widths.length - 1;
    int others = 1;
    for (int c = 0; c < last; c++) {
      others += widths[c] + 3;
    }
    widths[last] = Math.min(widths[last], Math.max(NARROWEST_LAST, most - others - 3));
    return widths;
  }

  private String wrapped(List<String> row, int[] widths, Ink ink) {
    StringBuilder lines = new StringBuilder();
    List<String> cells = row;
    for (String piece : wrap(row.getLast(), widths[widths.length - 1])) {
      List<String> line = new ArrayList<>(cells.subList(0, cells.size() - 1));
      line.add(piece);
      lines.append(line(line, widths, ink, false));
      cells = row.stream().map(cell -> "").toList();
    }
    return lines.toString();
  }

  private static List<String> wrap(String text, int width) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : text.split(" ", -1)) {
      if (!line.isEmpty() && line.length() + 1 + word.length() > width) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : " ").append(word);
    }
    lines.add(line.toString());
    return lines;
  }

  private String line(List<String> cells, int[] widths, Ink ink, boolean bold) {
    StringBuilder line = new StringBuilder(ink.dim("│"));
    for (int c = 0; c < widths.length; c++) {
      String cell = cells.get(c);
      String blanks = " ".repeat(Math.max(0, widths[c] - cell.codePointCount(0, cell.length())));
      String shown = bold ? ink.bold(cell) : cell;
      line.append(' ')
          .append(
              switch (sides.get(c)) {
                case LEFT -> shown + blanks;
                case RIGHT -> blanks + shown;
              })
          .append(' ')
          .append(ink.dim("│"));
    }
    return line.append('\n').toString();
  }

  private static String border(int[] widths, String left, String middle, String right, Ink ink) {
    List<String> parts = new ArrayList<>();
    for (int width : widths) {
      parts.add("─".repeat(width + 2));
    }
    return ink.dim(left + String.join(middle, parts) + right) + "\n";
  }
}
