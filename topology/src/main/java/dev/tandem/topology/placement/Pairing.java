package dev.tandem.topology.placement;

import dev.tandem.api.Level;
import dev.tandem.api.LocalityPath;
import dev.tandem.api.Role;
import dev.tandem.api.Transfer;
import dev.tandem.api.TransferCost;
import dev.tandem.topology.facts.LinkSpeeds;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Who exchanges with whom, and what it costs at each tier. Immutable.
 *
 * <p>{@code seconds[t]} is the cost of a pair whose nearest common block is of tier {@code t}: the
 * cheapest link of that tier or any farther one, since two pods of one domain share its leaf too.
 * {@code ranked[t]} is the same with a nudge of a thousandth a tier, so that of two places of equal
 * cost the nearer one wins: the prediction is a model, being near is a fact.
 */
final class Pairing {
  /** One thousandth: far below the 5 % noise of the prediction. */
  private static final double NUDGE = 1.001;

  /** No known link is priced as twice the slowest known one: worse, but never infinitely. */
  private static final double UNKNOWN_FACTOR = 2;

  /**
   * One-way latency between two GPUs in seconds: a switch hop adds about 2 us, InfiniBand NDR takes
   * 1 to 5 us end to end, TCP in one zone about 100.
   */
  private static final Map<Level, Double> LATENCY =
      Map.of(
          Level.NVLINK, 2e-6,
          Level.NODE, 3e-6,
          Level.LEAF, 5e-6,
          Level.SPINE, 9e-6,
          Level.CORE, 13e-6,
          Level.ZONE, 100e-6);

  /** Exchanges of a request of 250 output tokens when the draft guesses none: the upper bound. */
  private static final int DRAFT_EXCHANGES = 250;

  final Role from;
  final Role to;
  private final double[] seconds = new double[Tier.VALUES.length];
  private final double[] ranked = new double[Tier.VALUES.length];
  private final double[] moving = new double[Tier.VALUES.length];

  /**
   * @param perLevel seconds over a link of each level that nobody else uses
   * @param bytesPerLevel how much of that the bytes take, which others on the link prolong
   */
  private Pairing(
      Role from, Role to, Map<Level, Double> perLevel, Map<Level, Double> bytesPerLevel) {
    this.from = from;
    this.to = to;
    double cheapest = Double.MAX_VALUE;
    for (int tier = Tier.LINKED - 1; tier >= 0; tier--) {
      Level level = Tier.VALUES[tier].level();
      double own = perLevel.getOrDefault(level, Double.MAX_VALUE);
      moving[tier] =
          own <= cheapest || tier == Tier.LINKED - 1
              ? bytesPerLevel.getOrDefault(level, 0.0)
              : moving[tier + 1];
      cheapest = Math.min(cheapest, own);
      seconds[tier] = cheapest;
    }
    seconds[Tier.LINKED] = UNKNOWN_FACTOR * seconds[Tier.LINKED - 1];
    int board = Tier.BOARD.ordinal();
    int leaf = Tier.LEAF.ordinal();
    ranked[0] = seconds[0];
    for (int tier = leaf; tier < ranked.length; tier++) {
      double nearer = tier == leaf ? ranked[0] : ranked[tier - 1];
      ranked[tier] = Math.max(seconds[tier], nearer * NUDGE);
    }
    // One node without a domain is worth a nudge only if PCIe really beats the leaf.
    ranked[board] =
        seconds[board] < seconds[leaf] ? Math.max(ranked[0], seconds[board]) : ranked[leaf];
  }

  /** The pairings a group may have: prefill to decode by bytes, draft to target by latency. */
  static List<Pairing> of(TransferCost cost, LinkSpeeds speeds, Transfer transfer) {
    Map<Level, Double> bytes = new EnumMap<>(Level.class);
    Map<Level, Double> moving = new EnumMap<>(Level.class);
    Map<Level, Double> hops = new EnumMap<>(Level.class);
    for (Level level : Level.values()) {
      LinkSpeeds.Link link = speeds.link(level);
      LocalityPath.Step step =
          new LocalityPath.Step(
              level.label(), "x", link.bandwidthGigabytesPerSecond(), link.transport());
      bytes.put(level, cost.seconds(step, transfer, 0));
      moving.put(level, cost.seconds(step, transfer, 1) - cost.seconds(step, transfer, 0));
      hops.put(level, LATENCY.getOrDefault(level, 0.0) * DRAFT_EXCHANGES);
    }
    List<Pairing> pairings = new ArrayList<>();
    pairings.add(new Pairing(Role.PREFILL, Role.DECODE, bytes, moving));
    pairings.add(new Pairing(Role.DRAFT, Role.TARGET, hops, Map.of()));
    return pairings;
  }

  /**
   * Whether two pods are as well off on any two nodes: all nodes meet at one tier. A nearer tier is
   * a difference even where the prediction sees none, see {@code ranked}.
   *
   * @param shareable whether two members fit on one node, which then must not be cheaper
   */
  boolean alike(Blocks blocks, boolean shareable, double noise) {
    int met = Blocks.NONE;
    for (int tier = 0; tier < Tier.VALUES.length; tier++) {
      boolean counted = tier != Tier.BOARD.ordinal() && blocks.joins(tier);
      if (counted && met != Blocks.NONE) {
        return false;
      }
      met = counted ? tier : met;
    }
    return met == Blocks.NONE
        || !shareable
        || met == Tier.NVLINK.ordinal()
        || seconds[met] <= seconds[Tier.BOARD.ordinal()] * (1 + noise);
  }

  /** Seconds that one more transfer on the link adds to a pair that meets at this tier. */
  double moving(int tier) {
    return moving[tier];
  }

  double seconds(int tier) {
    return seconds[tier];
  }

  double ranked(int tier) {
    return ranked[tier];
  }
}
