package dev.tandem.topology.placement;

import java.util.Comparator;

/**
 * One member on one node, judged while a plan is being made; the smallest is the best.
 *
 * @param node the node's number
 * @param breaks the block the plan is confined to would not hold the rest any more
 * @param cost of the plan so far with this step
 * @param restTier nearest tier at which everybody still missing fits beside it
 * @param nextTier nearest tier at which the next member, usually its partner, fits beside it
 * @param closeTier nearest tier at which it has members of its group
 * @param domainLeft GPUs left free in its NVLink domain: the tightest fit keeps large ones whole
 * @param nodeLeft GPUs left free on the node
 * @param leafLeft GPUs left free below its leaf
 */
record Option(
    int node,
    boolean breaks,
    double cost,
    int restTier,
    int nextTier,
    int closeTier,
    int domainLeft,
    int nodeLeft,
    int leafLeft) {

  /** Costs nearer to each other than this, relatively, are equal: sums in another order. */
  static final double EQUAL = 1e-9;

  static final Comparator<Option> BEST_FIRST =
      Comparator.comparing(Option::breaks)
          .thenComparing((a, b) -> compareCost(a.cost, b.cost))
          .thenComparingInt(Option::restTier)
          .thenComparingInt(Option::nextTier)
          .thenComparingInt(Option::closeTier)
          .thenComparingInt(Option::domainLeft)
          .thenComparingInt(Option::nodeLeft)
          .thenComparingInt(Option::leafLeft)
          .thenComparingInt(Option::node);

  static int compareCost(double a, double b) {
    return Math.abs(a - b) <= EQUAL * Math.max(Math.abs(a), Math.abs(b)) ? 0 : Double.compare(a, b);
  }
}
