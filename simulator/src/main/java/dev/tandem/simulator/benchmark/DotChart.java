package dev.tandem.simulator.benchmark;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Rows of dots as SVG: one row a case, one mark a series, several panels with scales of their own
 * side by side. Light background, a shape and a colour a series. One thread.
 */
final class DotChart {
  private static final int ROW = 24;
  private static final int TOP = 96;
  private static final int BOTTOM = 52;
  private static final int GAP = 44;
  private static final int TICKS = 5;
  private static final int LEGEND_STEP = 152;
  private static final String FONT = "font-family=\"Helvetica,Arial,sans-serif\"";

  private final String title;
  private final int labelWidth;
  private final int panelWidth;
  private final List<Series> series;
  private final List<Row> rows = new ArrayList<>();
  private final List<Panel> panels;

  /**
   * A kind of mark.
   *
   * @param name in the legend
   * @param colour as {@code #rrggbb}
   * @param shape what is drawn
   */
  record Series(String name, String colour, Shape shape) {}

  /** Shapes that can be told apart without colour. */
  enum Shape {
    DISC,
    SQUARE,
    TRIANGLE,
    DIAMOND,
    CROSS,
    PLUS,
    BAR,
    RING
  }

  /**
   * A scale.
   *
   * @param label with its unit
   * @param most right end; the left end is 0
   */
  record Panel(String label, double most) {}

  /**
   * A case.
   *
   * @param label to its left
   * @param values by panel, then by series; not a number where there is none
   * @param faint by series: drawn hollow, for what is not wholly comparable
   */
  record Row(String label, double[][] values, boolean[] faint) {}

  DotChart(String title, int labelWidth, int panelWidth, List<Series> series, List<Panel> panels) {
    this.title = title;
    this.labelWidth = labelWidth;
    this.panelWidth = panelWidth;
    this.series = List.copyOf(series);
    this.panels = List.copyOf(panels);
  }

  void row(Row row) {
    rows.add(row);
  }

  String svg() {
    int width = labelWidth + panels.size() * (panelWidth + GAP) + 20;
    int height = TOP + rows.size() * ROW + BOTTOM;
    StringBuilder svg = new StringBuilder();
    svg.append(
        String.format(
            Locale.ROOT,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d"
                + " %d\" role=\"img\">%n<title>%s</title>%n<rect width=\"%d\" height=\"%d\""
                + " fill=\"#ffffff\"/>%n",
            width,
            height,
            width,
            height,
            escaped(title),
            width,
            height));
    text(svg, 16, 26, "start", 16, "#111111", title);
    legend(svg, width);
    for (int i = 0; i < rows.size(); i++) {
      int y = TOP + i * ROW;
      if (i % 2 == 0) {
        svg.append(
            String.format(
                Locale.ROOT,
                "<rect x=\"8\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"#f4f5f7\"/>%n",
                y,
                width - 16,
                ROW));
      }
      text(svg, labelWidth - 10, y + ROW / 2 + 4, "end", 12, "#222222", rows.get(i).label());
    }
    for (int p = 0; p < panels.size(); p++) {
      panel(svg, p);
    }
    return svg.append("</svg>\n").toString();
  }

  private void legend(StringBuilder svg, int width) {
    int perLine = Math.max(1, (width - 32) / LEGEND_STEP);
    for (int s = 0; s < series.size(); s++) {
      int x = 24 + s % perLine * LEGEND_STEP;
      int y = 48 + s / perLine * 20;
      mark(svg, series.get(s), x, y, false);
      text(svg, x + 12, y + 4, "start", 12, "#222222", series.get(s).name());
    }
  }

  private void panel(StringBuilder svg, int number) {
    Panel panel = panels.get(number);
    int left = labelWidth + number * (panelWidth + GAP);
    int bottom = TOP + rows.size() * ROW;
    for (int tick = 0; tick <= TICKS; tick++) {
      double value = panel.most() * tick / TICKS;
      double x = left + (double) panelWidth * tick / TICKS;
      svg.append(
          String.format(
              Locale.ROOT,
              "<line x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\" stroke=\"#c9ccd1\"/>%n",
              x,
              TOP,
              x,
              bottom));
      text(svg, x, bottom + 16, "middle", 11, "#444444", tickLabel(value));
    }
    text(svg, left + panelWidth / 2.0, bottom + 36, "middle", 12, "#111111", panel.label());
    for (int i = 0; i < rows.size(); i++) {
      for (int s = series.size() - 1; s >= 0; s--) { // the first on top
        double value = rows.get(i).values()[number][s];
        if (!Double.isNaN(value)) {
          double x = left + panelWidth * Math.min(1, value / panel.most());
          mark(svg, series.get(s), x, TOP + i * ROW + ROW / 2.0, rows.get(i).faint()[s]);
        }
      }
    }
  }

  private static String tickLabel(double value) {
    return value == Math.rint(value)
        ? Long.toString((long) value)
        : String.format(Locale.ROOT, "%.1f", value);
  }

  private static void mark(StringBuilder svg, Series series, double x, double y, boolean hollow) {
    String paint =
        hollow
            ? "fill=\"#ffffff\" stroke=\"" + series.colour() + "\" stroke-width=\"1.6\""
            : "fill=\"" + series.colour() + "\" stroke=\"#ffffff\" stroke-width=\"0.8\"";
    String line =
        "fill=\"none\" stroke=\""
            + series.colour()
            + "\" stroke-width=\""
            + (hollow ? 1.2 : 2.4)
            + "\"";
    svg.append(
        switch (series.shape()) {
          case DISC -> format("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"6.5\" %s/>%n", x, y, paint);
          case RING -> format("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"4.5\" %s/>%n", x, y, line);
          case SQUARE ->
              format(
                  "<rect x=\"%.1f\" y=\"%.1f\" width=\"9\" height=\"9\" %s/>%n",
                  x - 4.5, y - 4.5, paint);
          case TRIANGLE -> path(x, y, "M0,-6L5.5,4.5L-5.5,4.5Z", paint);
          case DIAMOND -> path(x, y, "M0,-6L6,0L0,6L-6,0Z", paint);
          case CROSS -> path(x, y, "M-4.5,-4.5L4.5,4.5M-4.5,4.5L4.5,-4.5", line);
          case PLUS -> path(x, y, "M-5.5,0L5.5,0M0,-5.5L0,5.5", line);
          case BAR -> path(x, y, "M0,-8L0,8", line);
        });
  }

  private static String path(double x, double y, String shape, String paint) {
    return format(
        "<path transform=\"translate(%.1f,%.1f)\" d=\"" + shape + "\" %s/>%n", x, y, paint);
  }

  private static String format(String pattern, double x, double y, String paint) {
    return String.format(Locale.ROOT, pattern, x, y, paint);
  }

  private static void text(
      StringBuilder svg, double x, double y, String anchor, int size, String colour, String text) {
    svg.append(
        String.format(
            Locale.ROOT,
            "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" font-size=\"%d\" fill=\"%s\""
                + " %s>%s</text>%n",
            x,
            y,
            anchor,
            size,
            colour,
            FONT,
            escaped(text)));
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
