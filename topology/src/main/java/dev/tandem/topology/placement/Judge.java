package dev.tandem.topology.placement;

import org.jspecify.annotations.Nullable;

/**
 * Says what one more member on one node would come to, without putting it there, and finds the best
 * node for it. One thread; lives for one question.
 */
final class Judge {
  private static final int ALL = Tier.ALL.ordinal();
  private static final int BOARD = Tier.BOARD.ordinal();
  private static final int LEAF = Tier.LEAF.ordinal();

  private final Draft draft;
  private final Blocks blocks;
  private final Desk desk;
  private int trials;

  Judge(Draft draft) {
    this.draft = draft;
    this.blocks = draft.blocks;
    this.desk = draft.desk;
  }

  /** Members judged on nodes so far: the measure of work. */
  int trials() {
    return trials;
  }

  /**
   * The best place for a member in a block, or null if there is none.
   *
   * @param next which of {@link Draft#rest} comes after it
   */
  @Nullable Option best(Member member, int tier, int block, int next) {
    Option best = null;
    for (int node = draft.touched.nextSetBit(0);
        node >= 0;
        node = draft.touched.nextSetBit(node + 1)) {
      if (blocks.block(tier, node) == block) {
        best = better(best, member, node, tier, block, next);
      }
    }
    NodeClasses classes = draft.classes;
    for (int path : blocks.pathsOf(tier, block)) {
      for (int c = classes.firstOf(path); c < classes.firstOf(path + 1); c++) {
        if (desk.holds(classes.first(c), member.gpus()) || draft.touched.get(classes.first(c))) {
          int node = classes.firstWithout(c, draft.touched);
          if (node != Blocks.NONE && blocks.block(tier, node) == block) {
            best = better(best, member, node, tier, block, next);
          }
        }
      }
    }
    return best;
  }

  private @Nullable Option better(
      @Nullable Option best, Member member, int node, int tier, int block, int next) {
    if (!desk.holds(node, member.gpus())) {
      return best;
    }
    Option option = of(member, node, tier, block, next);
    return best == null || Option.BEST_FIRST.compare(option, best) < 0 ? option : best;
  }

  /** A member on a node, while the plan is confined to a block. */
  Option of(Member member, int node, int scopeTier, int scopeBlock, int next) {
    trials++;
    int gpus = member.gpus();
    int restTier = 0;
    while (restTier < ALL
        && !desk.fitsAfter(restTier, blocks.block(restTier, node), draft.need, node, gpus)) {
      restTier++;
    }
    int nextTier = 0;
    if (next < draft.rest.size() && restTier > BOARD) {
      nextTier = nextTier(node, gpus, draft.rest.get(next));
    }
    int taken = Math.min(gpus, Math.max(0, desk.free(node)));
    return new Option(
        node,
        scopeTier != ALL && !desk.fitsAfter(scopeTier, scopeBlock, draft.need, node, gpus),
        draft.engines.tierWith(desk, member, node),
        desk.costWith(member.role(), node),
        restTier,
        nextTier,
        closeTier(node),
        !desk.roomyAfter(node, gpus, draft.need),
        desk.freeOf(BOARD, blocks.block(BOARD, node)) - taken,
        desk.free(node) - gpus,
        desk.freeOf(LEAF, blocks.block(LEAF, node)) - taken);
  }

  private int closeTier(int node) {
    for (int tier = 0; tier < Tier.VALUES.length; tier++) {
      int block = blocks.block(tier, node);
      if (block != Blocks.NONE && desk.membersOf(tier, block) > 0) {
        return tier;
      }
    }
    return Tier.VALUES.length;
  }

  private int nextTier(int node, int gpus, Member next) {
    for (int tier = 0; tier < Tier.VALUES.length; tier++) {
      int block = blocks.block(tier, node);
      if (block != Blocks.NONE && desk.placesAfter(next.gpus(), tier, block, node, gpus) > 0) {
        return tier;
      }
    }
    return Tier.VALUES.length;
  }
}
