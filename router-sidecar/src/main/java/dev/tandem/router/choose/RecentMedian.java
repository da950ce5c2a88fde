package dev.tandem.router.choose;

import java.util.Arrays;

/**
 * The median of the last {@value #WINDOW} samples, of which a stand-in fills the places at first.
 * Fewer than half of them, however absurd, cannot move it beyond the others; a lasting change is
 * taken up after {@code WINDOW / 2 + 1} samples. Used from one thread.
 */
final class RecentMedian {

  private static final int WINDOW = 15;

  private final double[] samples = new double[WINDOW];
  private int next;
  private double median;

  RecentMedian(double standIn) {
    Arrays.fill(samples, standIn);
    median = standIn;
  }

  void add(double sample) {
    samples[next] = sample;
    next = (next + 1) % WINDOW;
    double[] sorted = samples.clone();
    Arrays.sort(sorted);
    median = sorted[WINDOW / 2];
  }

  double value() {
    return median;
  }
}
