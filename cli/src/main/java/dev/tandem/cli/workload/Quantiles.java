package dev.tandem.cli.workload;

import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A distribution given by some of its quantiles: between two of them the logarithm of the value
 * (plus one, so that 0 is a value) rises evenly. Immutable.
 */
record Quantiles(List<Point> points) {

  /** The value that a share of all draws does not exceed. */
  record Point(double share, double value) {}

  Quantiles {
    points = List.copyOf(points);
    if (points.size() < 2 || points.getFirst().share() != 0 || points.getLast().share() != 1) {
      throw new IllegalArgumentException("quantiles must begin at share 0 and end at share 1");
    }
    for (int i = 1; i < points.size(); i++) {
      if (points.get(i).share() <= points.get(i - 1).share()
          || points.get(i).value() < points.get(i - 1).value()) {
        throw new IllegalArgumentException("quantiles must rise: " + points);
      }
    }
  }

  /** Pairs of share and value. */
  static Quantiles of(double... pairs) {
    Point[] points = new Point[pairs.length / 2];
    for (int i = 0; i < points.length; i++) {
      points[i] = new Point(pairs[2 * i], pairs[2 * i + 1]);
    }
    return new Quantiles(List.of(points));
  }

  double draw(RandomGenerator random) {
    double share = random.nextDouble();
    int upper = 1;
    while (points.get(upper).share() < share) {
      upper++;
    }
    Point below = points.get(upper - 1);
    Point above = points.get(upper);
    double part = (share - below.share()) / (above.share() - below.share());
    double from = Math.log1p(below.value());
    return Math.expm1(from + part * (Math.log1p(above.value()) - from));
  }
}
