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
  private static final int BOTTOM = 52;
  private static final int GAP = 44;
  private static final int TICKS = 5;
  private static final int LEGEND_TOP = 48;
  private static final int LEGEND_LINE = 20;

  /** Width of a letter of the legend in the widest of the fonts that may stand in for the first. */
  private static final double LETTER = 7;

  /** What a name in the legend needs besides its letters: its mark, and room before the next. */
  private static final int LEGEND_MARK = 36;

  private static final String FONT = "font-family=\"Helvetica,Arial,sans-serif\"";

  private final String title;
  private final int labelWidth;
  private final int panelWidth;
  private final List<Series> series;
  private final List<Row> rows = new ArrayList<>();
  private final List<Panel> panels;
  private final int width;
  private final List<Place> legend;

  /** Where the first row begins: below the legend. */
  private final int top;

  private record Place(double x, double y) {}

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
   * @param least left end
   * @param most right end
   */
  record Panel(String label, double least, double most) {
    /** From 0. */
    Panel(String label, double most) {
      this(label, 0, most);
    }

    /** From 0 at the left end to 1 at the right; what lies beyond an end is drawn there. */
    double share(double value) {
      return Math.clamp((value - least) / (most - least), 0, 1);
    }
  }

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
    this.width = labelWidth + panels.size() * (panelWidth + GAP) + 20;
    this.legend = legend();
    this.top = (int) legend.getLast().y() + 28;
  }

  /** Where each series stands in the legend: as many on a line as their names leave room for. */
  private List<Place> legend() {
    List<Place> places = new ArrayList<>();
    double x = 24;
    double y = LEGEND_TOP;
    for (Series one : series) {
      double wide = LEGEND_MARK + LETTER * one.name().length();
      if (x + wide > width && x > 24) {
        x = 24;
        y += LEGEND_LINE;
      }
      places.add(new Place(x, y));
      x += wide;
    }
    return places;
  }

  void row(Row row) {
    rows.add(row);
  }

  String svg() {
    int height = top + rows.size() * ROW + BOTTOM;
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
    for (int s = 0; s < series.size(); s++) {
      Place place = legend.get(s);
      mark(svg, series.get(s), place.x(), place.y(), false);
      text(svg, place.x() + 12, place.y() + 4, "start", 12, "#222222", series.get(s).name());
    }
    for (int i = 0; i < rows.size(); i++) {
      int y = top + i * ROW;
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

  private void panel(StringBuilder svg, int number) {
    Panel panel = panels.get(number);
    int left = labelWidth + number * (panelWidth + GAP);
    int bottom = top + rows.size() * ROW;
    for (int tick = 0; tick <= TICKS; tick++) {
      double value = panel.least() + (panel.most() - panel.least()) * tick / TICKS;
      double x = left + (double) panelWidth * tick / TICKS;
      svg.append(
          String.format(
              Locale.ROOT,
              "<line x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\" stroke=\"#c9ccd1\"/>%n",
              x,
              top,
              x,
              bottom));
      text(svg, x, bottom + 16, "middle", 11, "#444444", tickLabel(value));
    }
    text(svg, left + panelWidth / 2.0, bottom + 36, "middle", 12, "#111111", panel.label());
    // Discs are the largest marks: beneath the others they hide none. Of those the first is on top.
    for (int s = series.size() - 1; s >= 0; s--) {
      if (series.get(s).shape() == Shape.DISC) {
        marks(svg, number, s);
      }
    }
    for (int s = series.size() - 1; s >= 0; s--) {
      if (series.get(s).shape() != Shape.DISC) {
        marks(svg, number, s);
      }
    }
  }

  private void marks(StringBuilder svg, int panel, int one) {
    int left = labelWidth + panel * (panelWidth + GAP);
    for (int i = 0; i < rows.size(); i++) {
      double value = rows.get(i).values()[panel][one];
      if (!Double.isNaN(value)) {
        double x = left + panelWidth * panels.get(panel).share(value);
        mark(svg, series.get(one), x, top + i * ROW + ROW / 2.0, rows.get(i).faint()[one]);
      }
    }
  }

  private static String tickLabel(double value) {
    return value == Math.rint(value)
        ? Long.toString((long) value)
        : String.format(Locale.ROOT, "%.2f", value).replaceAll("0$", "");
  }

  private static void mark(StringBuilder svg, Series series, double x, double y, boolean hollow) {
    String paint =
        hollow
            ? "fill=\"none\" stroke=\"" + series.colour() + "\" stroke-width=\"1.6\""
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
