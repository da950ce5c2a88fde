package dev.tandem.topology.placement;

import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A finished plan for the whole group with the asked pod on one node; the smallest is the best.
 *
 * @param node where the asked pod goes
 * @param unplaced members that find no place at all
 * @param spread tiers by which the pods of engines are apart, summed
 * @param cost of the plan, nudged towards nearer blocks
 * @param seconds of the plan as predicted
 * @param waste 0 with room for one more in each NVLink domain it touches and nothing large broken,
 *     else 1; free GPUs left in touched NVLink domains, squares of free GPUs taken from nodes, free
 *     GPUs left below touched leaves
 * @param nodes planned node by member id, this pod included
 * @param picture what the reason is made of
 */
record Outcome(
    int node,
    int unplaced,
    int spread,
    double cost,
    double seconds,
    int[] waste,
    Map<String, Integer> nodes,
    Picture picture) {

  /**
   * Of two plans of one cost the one whose members share a nearer block wins: there the router may
   * pair any of them.
   */
  static final Comparator<Outcome> BETTER =
      Comparator.comparingInt(Outcome::unplaced)
          .thenComparingInt(Outcome::spread)
          .thenComparing((a, b) -> Option.compareCost(a.cost, b.cost))
          .thenComparing(outcome -> outcome.picture().tier())
          .thenComparing((a, b) -> Arrays.compare(a.waste, b.waste));

  static final Comparator<Outcome> BEST_FIRST = BETTER.thenComparingInt(Outcome::node);

  /** Whether one more pod would find room beside the group, see {@link Roominess}. */
  boolean roomy() {
    return waste[0] == 0;
  }

  boolean equallyGood(Outcome other) {
    return BETTER.compare(this, other) == 0;
  }

  /** The same outcome seen from another node of the same class: the two nodes change places. */
  Outcome from(int twin) {
    if (twin == node) {
      return this;
    }
    Map<String, Integer> swapped = new LinkedHashMap<>();
    nodes.forEach((id, planned) ->
        swapped.put(id, planned == node ? (Integer) twin : planned == twin ? node : planned));
    return new Outcome(twin, unplaced, spread, cost, seconds, waste, swapped, picture);
  }

  /**
   * Where the whole group ends up.
   *
   * @param tier nearest tier with one block that holds everybody
   * @param block that block's name
   * @param nodes distinct nodes
   * @param domains distinct NVLink domains (or nodes without one)
   * @param nearShare share of the KV flow that stays inside them, 0 to 1
   */
  record Picture(Tier tier, String block, int nodes, int domains, double nearShare) {}
}
