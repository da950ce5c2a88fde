package dev.tandem.topology.placement;

import java.util.Comparator;

/**
 * One member on one node, judged while a plan is being made; the smallest is the best.
 *
 * @param node the node's number
 * @param breaks the block the plan is confined to would not hold the rest any more
 * @param engineTier nearest tier that keeps the pods of its engine together
 * @param cost of the plan so far with this step
 * @param restTier nearest tier at which everybody still missing fits beside it
 * @param nextTier nearest tier at which the next member, usually its partner, fits beside it
 * @param closeTier nearest tier at which it has members of its group
 * @param crowded whether there is no room for one more such pod beside it, see {@link Roominess}
 * @param domainLeft GPUs left free in its NVLink domain: the tightest fit keeps large ones whole
 * @param nodeLeft GPUs left free on the node
 * @param leafLeft GPUs left free below its leaf
 */
record Option(
    int node,
    boolean breaks,
    int engineTier,
    double cost,
    int restTier,
    int nextTier,
    int closeTier,
    boolean crowded,
    int domainLeft,
    int nodeLeft,
    int leafLeft) {

  /** Costs nearer to each other than this, relatively, are equal: sums in another order. */
  static final double EQUAL = 1e-9;

  static final Comparator<Option> BEST_FIRST = Option::against;

  private static int against(Option a, Option b) {
    int order = a.kind(b);
    if (order == 0) {
      order = Integer.compare(a.nodeLeft, b.nodeLeft);
    }
    if (order == 0) {
      order = Integer.compare(a.leafLeft, b.leafLeft);
    }
    return order == 0 ? Integer.compare(a.node, b.node) : order;
  }

  /** Negative if better, 0 if as good, leaving out how tightly it fits the node and the leaf. */
  int kind(Option other) {
    int order = Boolean.compare(breaks, other.breaks);
    if (order == 0) {
      order = Integer.compare(engineTier, other.engineTier);
    }
    if (order == 0) {
      order = compareCost(cost, other.cost);
    }
    if (order == 0) {
      order = Integer.compare(restTier, other.restTier);
    }
    if (order == 0) {
      order = Integer.compare(nextTier, other.nextTier);
    }
    if (order == 0) {
      order = Integer.compare(closeTier, other.closeTier);
    }
    if (order == 0) {
      order = Boolean.compare(crowded, other.crowded);
    }
    return order == 0 ? Integer.compare(domainLeft, other.domainLeft) : order;
  }

  static int compareCost(double a, double b) {
    return Math.abs(a - b) <= EQUAL * Math.max(Math.abs(a), Math.abs(b)) ? 0 : Double.compare(a, b);
  }
}
