package dev.tandem.topology.placement;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a group's transfers wait for others on the uplinks they share. One thread; lives for one
 * question, and costs nothing where no group spans blocks.
 *
 * <p>The flow matched in a block, and in none of its parts, is shared among the parts by what each
 * leaves over, and each share waits for the flows already on that part's uplink.
 */
final class Congestion {
  private static final int LEAF = Tier.LEAF.ordinal();

  private final Blocks blocks;
  private final double @Nullable [][] flows;
  private final List<Integer> members = new ArrayList<>();

  Congestion(Blocks blocks, double @Nullable [][] flows) {
    this.blocks = blocks;
    this.flows = flows;
  }

  boolean any() {
    return flows != null;
  }

  void member(int node, int change) {
    if (flows == null) {
      return;
    }
    if (change > 0) {
      members.add(node);
    } else {
      members.remove((Integer) node);
    }
  }

  /** Flows on the uplink of the part of a tier's block that a node is in. */
  double at(int tier, int node) {
    if (flows == null || tier < LEAF) {
      return 0;
    }
    int part = blocks.block(tier - 1, node);
    return part == Blocks.NONE ? 0 : flows[tier - 1][part];
  }

  private static final class Sum {
    double inParts;
    double leftOver;
    double waiting;
  }

  /** Seconds that other groups add to the mean pair. */
  double seconds(Pairing pairing, int[][] supply, double give, int[][] demand, double take) {
    double[][] busy = flows;
    if (busy == null) {
      return 0;
    }
    double seconds = 0;
    for (int tier = LEAF; tier < Tier.LINKED; tier++) {
      Map<Integer, Integer> whole = new HashMap<>();
      for (int node : members) {
        whole.put(blocks.block(tier - 1, node), blocks.block(tier, node));
      }
      Map<Integer, Sum> sums = new HashMap<>();
      for (Map.Entry<Integer, Integer> part : whole.entrySet()) {
        double s = supply[tier - 1][part.getKey()] * give;
        double d = demand[tier - 1][part.getKey()] * take;
        Sum sum = sums.computeIfAbsent(part.getValue(), b -> new Sum());
        sum.inParts += Math.min(s, d);
        sum.leftOver += Math.abs(s - d);
        sum.waiting += Math.abs(s - d) * busy[tier - 1][part.getKey()];
      }
      for (Map.Entry<Integer, Sum> block : sums.entrySet()) {
        Sum sum = block.getValue();
        double matched =
            Math.min(supply[tier][block.getKey()] * give, demand[tier][block.getKey()] * take);
        if (sum.waiting > 0 && matched > sum.inParts) {
          seconds += (matched - sum.inParts) * sum.waiting / sum.leftOver * pairing.moving(tier);
        }
      }
    }
    return seconds;
  }
}
