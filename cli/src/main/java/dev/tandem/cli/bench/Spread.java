package dev.tandem.cli.bench;

import java.util.Arrays;
import java.util.Locale;

/** The middle and the ends of some figures. */
record Spread(double median, double least, double most) {

  /**
   * @throws IllegalArgumentException where there is none
   */
  static Spread of(double[] figures) {
    if (figures.length == 0) {
      throw new IllegalArgumentException("no figures to take the median of");
    }
    double[] sorted = figures.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    double median =
        sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    return new Spread(median, sorted[0], sorted[sorted.length - 1]);
  }

  String text(String format) {
    return String.format(
        Locale.ROOT, format + " (" + format + " - " + format + ")", median, least, most);
  }
}
