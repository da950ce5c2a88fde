package dev.tandem.topology.placement;

import dev.tandem.api.Role;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How busy the links out of each block are with the KV cache of groups that span several.
 *
 * <p>Within a block prefill is matched to decode as far as both are there; the share left over on
 * one side crosses the block's uplink. The GPUs that send this share are taken to send all at once,
 * the worst case, spread over the network adapters below the block, of which every GPU has one. So
 * the figure of a block is the number of other transfers an adapter's part of the uplink carries: 0
 * where every group keeps to itself, at most 1.
 *
 * <p>One of a generation. Not safe for threads.
 */
public final class Uplinks {
  private static final int NEAREST = Tier.BOARD.ordinal();
  private static final int FARTHEST = Tier.CORE.ordinal();

  private final Blocks blocks;
  private final double[][] sending = new double[Tier.VALUES.length][];
  private final Map<String, List<Crossing>> crossings = new HashMap<>();

  private record Crossing(int tier, int block, double gpus) {}

  /** Nobody sends anything yet. */
  public Uplinks(Blocks blocks) {
    this.blocks = blocks;
    for (int tier = 0; tier < sending.length; tier++) {
      sending[tier] = new double[blocks.count(tier)];
    }
  }

  /** Counts a group as it stands now in place of what was counted for it; nobody ends it. */
  public void group(String key, Collection<Placed> members) {
    List<Crossing> before = crossings.remove(key);
    if (before != null) {
      before.forEach(crossing -> count(crossing, -1));
    }
    List<Crossing> now = crossings(members);
    if (!now.isEmpty()) {
      crossings.put(key, now);
      now.forEach(crossing -> count(crossing, 1));
    }
  }

  /**
   * Transfers of other groups on each block's uplink, an adapter, by tier and block; null if there
   * are none at all.
   *
   * @param but the group whose own are left out, or null
   */
  public double @Nullable [][] flows(@Nullable String but) {
    List<Crossing> own = but == null ? null : crossings.get(but);
    if (crossings.isEmpty() || (own != null && crossings.size() == 1)) {
      return null;
    }
    double[][] flows = new double[sending.length][];
    for (int tier = 0; tier < flows.length; tier++) {
      flows[tier] = sending[tier].clone();
    }
    if (own != null) {
      own.forEach(crossing -> flows[crossing.tier()][crossing.block()] -= crossing.gpus());
    }
    for (int tier = 0; tier < flows.length; tier++) {
      for (int block = 0; block < flows[tier].length; block++) {
        flows[tier][block] =
            Math.clamp(flows[tier][block] / Math.max(1, blocks.gpusOf(tier, block)), 0, 1);
      }
    }
    return flows;
  }

  private void count(Crossing crossing, int sign) {
    sending[crossing.tier()][crossing.block()] += sign * crossing.gpus();
  }

  private List<Crossing> crossings(Collection<Placed> members) {
    int supply = 0;
    int demand = 0;
    int gpus = 0;
    int home = Blocks.NONE;
    boolean together = true;
    for (Placed placed : members) {
      int node = blocks.indexOf(placed.node());
      if (node == Blocks.NONE || !exchanges(placed)) {
        continue;
      }
      boolean gives = placed.member().role() == Role.PREFILL;
      supply += gives ? 1 : 0;
      demand += gives ? 0 : 1;
      gpus += gives ? placed.member().gpus() : 0;
      int block = blocks.block(NEAREST, node);
      together &= home == Blocks.NONE || home == block;
      home = block;
    }
    return together || supply == 0 || demand == 0
        ? List.of()
        : across(members, supply, demand, gpus);
  }

  private List<Crossing> across(Collection<Placed> members, int supply, int demand, int gpus) {
    List<Crossing> across = new ArrayList<>();
    for (int tier = NEAREST; tier <= FARTHEST; tier++) {
      Map<Integer, Double> surplus = new HashMap<>();
      for (Placed placed : members) {
        int node = blocks.indexOf(placed.node());
        if (node != Blocks.NONE && exchanges(placed)) {
          boolean gives = placed.member().role() == Role.PREFILL;
          surplus.merge(
              blocks.block(tier, node), gives ? 1.0 / supply : -1.0 / demand, Double::sum);
        }
      }
      for (Map.Entry<Integer, Double> block : surplus.entrySet()) {
        double share = Math.abs(block.getValue());
        if (share > 1e-9) {
          across.add(new Crossing(tier, block.getKey(), share * gpus));
        }
      }
    }
    return across;
  }

  private static boolean exchanges(Placed placed) {
    Role role = placed.member().role();
    return role == Role.PREFILL || role == Role.DECODE;
  }
}
