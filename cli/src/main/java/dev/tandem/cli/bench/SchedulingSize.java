package dev.tandem.cli.bench;

import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was measured with one number of nodes.
 *
 * @param filter server-side latency of ours while kube-scheduler asked it
 * @param single one connection and nothing else running
 * @param full with most of the cluster's pods bound, or null where that was not asked for
 */
record SchedulingSize(
    int nodes,
    List<SchedulingRound> rounds,
    Latency filter,
    Latency prioritize,
    Single single,
    @Nullable Full full) {

  /** Quantiles in milliseconds; bounds of histogram buckets, so never too small. */
  record Latency(double p50, double p99) {
    static Latency of(ServerHistogram histogram) {
      return new Latency(histogram.atMostMillis(0.50), histogram.atMostMillis(0.99));
    }
  }

  /**
   * Of an extender that has just become ready, server-side milliseconds.
   *
   * @param firstCall its first filter call of all
   * @param filter warm
   * @param afterLabelChange the longest filter call of those that came right after a node's label
   *     changed, as the client saw it
   */
  record Single(double firstCall, Latency filter, Latency prioritize, double afterLabelChange) {}

  /**
   * @param pods bound ones
   * @param residentMebibytes of our extender, idle
   * @param residentAfterRound the same after one more round
   * @param round that round
   */
  record Full(int pods, long residentMebibytes, long residentAfterRound, SchedulingRound round) {}

  SchedulingSize {
    rounds = List.copyOf(rounds);
  }

  /** Pods bound per second in each round of a set-up. */
  Spread speed(SchedulingSetup setup) {
    return Spread.of(
        rounds.stream()
            .filter(round -> round.setup() == setup)
            .mapToDouble(round -> round.found().podsPerSecond())
            .toArray());
  }

  /** Our speed over another set-up's of the same round. */
  Spread ratioTo(SchedulingSetup other) {
    double[] ours = speeds(SchedulingSetup.OURS);
    double[] theirs = speeds(other);
    double[] ratios = new double[ours.length];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = ours[i] / theirs[i];
    }
    return Spread.of(ratios);
  }

  private double[] speeds(SchedulingSetup setup) {
    return rounds.stream()
        .filter(round -> round.setup() == setup)
        .sorted(Comparator.comparingInt(SchedulingRound::round))
        .mapToDouble(round -> round.found().podsPerSecond())
        .toArray();
  }
}
