package dev.tandem.topology.placement;

import dev.tandem.api.Role;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tentative placements on one view of the cluster, with everything counted a block: free GPUs, free
 * places for each size of pod, and members of each side of each pairing. Placing and taking back
 * cost a few operations a tier. One thread; lives for one question.
 *
 * <p>Cost of a plan: supply and demand are spread evenly over prefill and decode pods, and the
 * cheapest flow between them is taken. Since blocks nest, that transport problem is solved by
 * matching as much as possible in each block from near to far: within block b the matched share is
 * {@code min(prefill in b / all prefill, decode in b / all decode)}.
 */
final class Desk {
  private static final int TIERS = Tier.VALUES.length;
  private static final int BOARD = Tier.BOARD.ordinal();

  /** Free GPUs of a node that takes no pods. */
  static final int CLOSED = -1;

  /** Places a node offers to pods without GPUs: the kubelet's default limit of pods. */
  private static final int PODS_A_NODE = 110;

  final Blocks blocks;
  private final List<Pairing> pairings;
  private final int[] sizes;
  private final int[] free;
  private final int[][] freeOfBlock = new int[TIERS][];
  private final int[][][] places;
  private final int[][] members = new int[TIERS][];
  private final int[][][] supply;
  private final int[][][] demand;
  private final double[][] matched;
  private final int[] supplyTotal;
  private final int[] demandTotal;
  private final Congestion congestion;
  private final Roominess roominess;

  /** A desk with nothing placed, on links that nobody else uses. */
  Desk(Blocks blocks, int[] freeGpus, List<Pairing> pairings, int[] sizes) {
    this(blocks, freeGpus, null, pairings, sizes);
  }

  /**
   * A desk with nothing placed.
   *
   * @param flows other groups' transfers on the uplink of each block, or null for none
   * @param freeGpus free GPUs by node number, {@link #CLOSED} where no pod may go; copied
   * @param sizes the distinct GPU counts of the pods that will be placed
   */
  Desk(
      Blocks blocks,
      int[] freeGpus,
      double @Nullable [][] flows,
      List<Pairing> pairings,
      int[] sizes) {
    this.blocks = blocks;
    this.congestion = new Congestion(blocks, flows);
    this.pairings = pairings;
    this.sizes = sizes;
    this.free = freeGpus.clone();
    places = new int[sizes.length][TIERS][];
    supply = new int[pairings.size()][TIERS][];
    demand = new int[pairings.size()][TIERS][];
    matched = new double[pairings.size()][TIERS];
    supplyTotal = new int[pairings.size()];
    demandTotal = new int[pairings.size()];
    for (int tier = 0; tier < TIERS; tier++) {
      int count = blocks.count(tier);
      freeOfBlock[tier] = new int[count];
      members[tier] = new int[count];
      for (int[][] ofSize : places) {
        ofSize[tier] = new int[count];
      }
      for (int pair = 0; pair < pairings.size(); pair++) {
        supply[pair][tier] = new int[count];
        demand[pair][tier] = new int[count];
      }
    }
    countFree();
    roominess = new Roominess(blocks, freeOfBlock[BOARD].clone());
  }

  /** Nodes are counted once a path, and paths once a tier: some thousand steps for 5,000 nodes. */
  private void countFree() {
    int[] freeOfPath = new int[blocks.paths()];
    int most = 0;
    for (int node = 0; node < free.length; node++) {
      if (free[node] >= 0) {
        freeOfPath[blocks.path(node)] += free[node];
        most = Math.max(most, free[node]);
        if (blocks.alone(node)) {
          freeOfBlock[BOARD][blocks.block(BOARD, node)] = free[node];
        }
      }
    }
    sum(freeOfPath, freeOfBlock);
    for (int s = 0; s < sizes.length; s++) {
      int[] placesOf = new int[most + 1];
      for (int gpus = 0; gpus <= most; gpus++) {
        placesOf[gpus] = places(s, gpus);
      }
      int[] placesOfPath = new int[blocks.paths()];
      for (int node = 0; node < free.length; node++) {
        if (free[node] >= 0) {
          placesOfPath[blocks.path(node)] += placesOf[free[node]];
          if (blocks.alone(node)) {
            places[s][BOARD][blocks.block(BOARD, node)] = placesOf[free[node]];
          }
        }
      }
      sum(placesOfPath, places[s]);
    }
  }

  private void sum(int[] ofPath, int[][] ofBlock) {
    for (int tier = 0; tier < TIERS; tier++) {
      for (int path = 0; path < ofPath.length; path++) {
        int block = blocks.blockOfPath(tier, path);
        if (block != Blocks.NONE) {
          ofBlock[tier][block] += ofPath[path];
        }
      }
    }
  }

  /** Declares how many members of a role the whole group has; the flow is spread over these. */
  void total(Role role, int count) {
    for (int pair = 0; pair < pairings.size(); pair++) {
      if (pairings.get(pair).from == role) {
        supplyTotal[pair] = count;
      } else if (pairings.get(pair).to == role) {
        demandTotal[pair] = count;
      }
    }
  }

  /** Puts a member on a node and takes its GPUs. */
  void place(Member member, int node) {
    setFree(node, free[node] - member.gpus());
    count(member.role(), node, 1);
  }

  /** Undoes {@link #place}. */
  void takeBack(Member member, int node) {
    setFree(node, free[node] + member.gpus());
    count(member.role(), node, -1);
  }

  /** Counts a member that is on a node already, its GPUs not being free. */
  void anchor(Role role, int node) {
    count(role, node, 1);
  }

  /** Free GPUs by node number; the desk's own, not to be changed. */
  int[] free() {
    return free;
  }

  /** Free GPUs of a node; below 0 where it takes no pods. */
  int free(int node) {
    return free[node];
  }

  boolean holds(int node, int gpus) {
    return free[node] >= gpus;
  }

  int freeOf(int tier, int block) {
    return block == Blocks.NONE ? 0 : freeOfBlock[tier][block];
  }

  int membersOf(int tier, int block) {
    return members[tier][block];
  }

  /**
   * Whether {@code block} has room for all of {@code need}. Exact where each size divides the next
   * (1, 2, 4, 8 GPUs); else a necessary condition.
   */
  boolean fits(int tier, int block, Need need) {
    if (block == Blocks.NONE) {
      return false;
    }
    for (int s = 0; s < sizes.length; s++) {
      if (need.wanted(s) > places[s][tier][block]) {
        return false;
      }
    }
    return true;
  }

  /** The same, were {@code gpus} taken from {@code node}, which is in the block. */
  boolean fitsAfter(int tier, int block, Need need, int node, int gpus) {
    if (block == Blocks.NONE) {
      return false;
    }
    int now = free[node];
    for (int s = 0; s < sizes.length; s++) {
      int left = places[s][tier][block] + places(s, now - gpus) - places(s, now);
      if (need.wanted(s) > left) {
        return false;
      }
    }
    return true;
  }

  /** Pods of {@code size} GPUs the block has room for, were {@code gpus} taken from its node. */
  int placesAfter(int size, int tier, int block, int node, int gpus) {
    int s = sizeIndex(size);
    return places[s][tier][block] + places(s, free[node] - gpus) - places(s, free[node]);
  }

  /**
   * Whether the node's NVLink domain had room for one more pod of the size, with all in need and
   * this one there, and nothing large were broken for it: see {@link Roominess}.
   */
  boolean roomyAfter(int node, int gpus, Need need) {
    int domain = blocks.block(BOARD, node);
    return roominess.mayOpen(node, free[node], gpus)
        && placesAfter(gpus, BOARD, domain, node, gpus) > need.wanted(sizeIndex(gpus));
  }

  /** The same for a node as it is now, of which the plan took so many GPUs. */
  boolean roomy(int node, int taken, int size) {
    return roominess.mayOpen(node, free[node] + taken, size)
        && places[sizeIndex(size)][BOARD][blocks.block(BOARD, node)] > 0;
  }

  /** Cost of the plan as it stands, members without a place counted as out of reach. */
  double cost() {
    double cost = 0;
    for (int pair = 0; pair < pairings.size(); pair++) {
      cost += cost(pair, true);
    }
    return cost + waiting();
  }

  /** What {@link #cost} would be with one more member on {@code node}. */
  double costWith(Role role, int node) {
    double cost = 0;
    for (int pair = 0; pair < pairings.size(); pair++) {
      Pairing pairing = pairings.get(pair);
      boolean gives = pairing.from == role;
      boolean concerned = (gives || pairing.to == role) && exchanges(pair);
      cost += concerned ? costWith(pair, gives, node) : cost(pair, true);
    }
    return cost + waiting();
  }

  private double costWith(int pair, boolean gives, int node) {
    Pairing pairing = pairings.get(pair);
    double ofSupply = 1.0 / supplyTotal[pair];
    double ofDemand = 1.0 / demandTotal[pair];
    double before = 0;
    double beforeWithout = 0;
    double cost = 0;
    for (int tier = 0; tier < Tier.LINKED; tier++) {
      double share = matched[pair][tier];
      double without = Math.max(beforeWithout, Math.min(1, share));
      int block = blocks.block(tier, node);
      if (block != Blocks.NONE) {
        int s = supply[pair][tier][block];
        int d = demand[pair][tier][block];
        double with = Math.min((gives ? s + 1 : s) * ofSupply, (gives ? d : d + 1) * ofDemand);
        share += with - Math.min(s * ofSupply, d * ofDemand);
      }
      double now = Math.max(before, Math.min(1, share));
      double more = (now - before) - (without - beforeWithout);
      cost += (now - before) * pairing.ranked(tier);
      cost += more > 0 ? more * congestion.at(tier, node) * pairing.moving(tier) : 0;
      before = now;
      beforeWithout = without;
    }
    return cost + (1 - before) * pairing.ranked(Tier.LINKED);
  }

  /** What other groups' transfers add to the pairs that exist. */
  private double waiting() {
    double waiting = 0;
    for (int pair = 0; pair < pairings.size() && congestion.any(); pair++) {
      if (exchanges(pair)) {
        waiting +=
            congestion.seconds(
                pairings.get(pair),
                supply[pair],
                1.0 / supplyTotal[pair],
                demand[pair],
                1.0 / demandTotal[pair]);
      }
    }
    return waiting;
  }

  /** The predicted seconds of the pairs that exist, weighted by flow, without nudges. */
  double seconds() {
    double seconds = 0;
    for (int pair = 0; pair < pairings.size(); pair++) {
      seconds += cost(pair, false);
    }
    return seconds + waiting();
  }

  /** What {@link #cost} is if every pair meets at this tier. */
  double costAllAt(int tier) {
    double cost = 0;
    for (int pair = 0; pair < pairings.size(); pair++) {
      cost += exchanges(pair) ? pairings.get(pair).ranked(tier) : 0;
    }
    return cost;
  }

  private double cost(int pair, boolean ranked) {
    if (!exchanges(pair)) {
      return 0;
    }
    Pairing pairing = pairings.get(pair);
    double before = 0;
    double cost = 0;
    for (int tier = 0; tier < Tier.LINKED; tier++) {
      double now = Math.max(before, Math.min(1, matched[pair][tier]));
      cost += (now - before) * (ranked ? pairing.ranked(tier) : pairing.seconds(tier));
      before = now;
    }
    return cost
        + (1 - before) * (ranked ? pairing.ranked(Tier.LINKED) : pairing.seconds(Tier.LINKED));
  }

  /** Share of the KV flow that stays within blocks of this tier. */
  double share(Tier tier) {
    return pairings.isEmpty() ? 0 : Math.min(1, matched[0][tier.ordinal()]);
  }

  /** Whether somebody exchanges anything in this group. */
  boolean hasPairs() {
    for (int pair = 0; pair < pairings.size(); pair++) {
      if (exchanges(pair)) {
        return true;
      }
    }
    return false;
  }

  private boolean exchanges(int pair) {
    return supplyTotal[pair] > 0 && demandTotal[pair] > 0;
  }

  private int sizeIndex(int gpus) {
    int index = Arrays.binarySearch(sizes, gpus);
    if (index < 0) {
      throw new IllegalArgumentException("size " + gpus + " was not declared");
    }
    return index;
  }

  private void count(Role role, int node, int change) {
    congestion.member(node, change);
    for (int tier = 0; tier < TIERS; tier++) {
      int block = blocks.block(tier, node);
      if (block != Blocks.NONE) {
        members[tier][block] += change;
      }
    }
    for (int pair = 0; pair < pairings.size(); pair++) {
      Pairing pairing = pairings.get(pair);
      boolean gives = pairing.from == role;
      if (!gives && pairing.to != role) {
        continue;
      }
      for (int tier = 0; tier < TIERS; tier++) {
        int block = blocks.block(tier, node);
        if (block != Blocks.NONE) {
          matched[pair][tier] -= share(pair, tier, block);
          (gives ? supply : demand)[pair][tier][block] += change;
          matched[pair][tier] += share(pair, tier, block);
        }
      }
    }
  }

  private double share(int pair, int tier, int block) {
    if (!exchanges(pair)) {
      return 0;
    }
    return Math.min(
        (double) supply[pair][tier][block] / supplyTotal[pair],
        (double) demand[pair][tier][block] / demandTotal[pair]);
  }

  private void setFree(int node, int now) {
    int before = free[node];
    free[node] = now;
    for (int tier = 0; tier < TIERS; tier++) {
      int block = blocks.block(tier, node);
      if (block == Blocks.NONE) {
        continue;
      }
      freeOfBlock[tier][block] += Math.max(0, now) - Math.max(0, before);
      for (int s = 0; s < sizes.length; s++) {
        places[s][tier][block] += places(s, now) - places(s, before);
      }
    }
  }

  /** Pods of a declared size, by its index, that block has room for. */
  int places(int size, int tier, int block) {
    return places[sizeIndex(size)][tier][block];
  }

  private int places(int size, int freeGpus) {
    if (freeGpus < 0) {
      return 0;
    }
    return sizes[size] == 0 ? PODS_A_NODE : freeGpus / sizes[size];
  }
}
