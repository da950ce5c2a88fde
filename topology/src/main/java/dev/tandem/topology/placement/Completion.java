package dev.tandem.topology.placement;

/**
 * Finishes a draft: every missing member gets its best place in turn, then members are moved and
 * swapped while that makes the plan cheaper. One thread; lives for one question.
 */
final class Completion {
  private static final int ALL = Tier.ALL.ordinal();

  private final Draft draft;
  private final Judge judge;

  Completion(Draft draft, Judge judge) {
    this.draft = draft;
    this.judge = judge;
  }

  /** Gives every missing member its best place in turn; those without one are left out. */
  void complete(int start) {
    int tier = ALL;
    int block = 0;
    if (start != Blocks.NONE) {
      tier = scope(start);
      block = draft.blocks.block(tier, start);
    }
    for (int i = 0; i < draft.rest.size(); i++) {
      Member member = draft.rest.get(i);
      draft.need.add(member.gpus(), -1);
      Option best = judge.best(member, tier, block, i + 1);
      if (best == null && tier != ALL) {
        best = judge.best(member, ALL, 0, i + 1);
      }
      if (best != null) {
        draft.take(member, best.node());
      }
    }
    for (Member member : draft.rest) {
      draft.need.add(member.gpus(), 1);
    }
  }

  /** Nearest tier whose block around {@code node} holds all that is placed and fits the rest. */
  private int scope(int node) {
    int everybody = draft.desk.membersOf(ALL, 0);
    for (int tier = 0; tier < Tier.LINKED; tier++) {
      int block = draft.blocks.block(tier, node);
      if (block != Blocks.NONE
          && draft.desk.membersOf(tier, block) == everybody
          && draft.desk.fits(tier, block, draft.need)) {
        return tier;
      }
    }
    return ALL;
  }

  /** Moves and swaps planned members while that makes the plan cheaper; two rounds at most. */
  void polish() {
    for (int round = 0; round < 2 && draft.desk.hasPairs(); round++) {
      double before = draft.desk.cost();
      for (int i = 0; i < draft.steps.size(); i++) {
        move(i);
        for (int j = i + 1; j < draft.steps.size(); j++) {
          swap(i, j);
        }
      }
      if (draft.desk.cost() >= before * (1 - Option.EQUAL)) {
        return;
      }
    }
  }

  private void move(int i) {
    Draft.Step step = draft.steps.get(i);
    double before = draft.desk.cost();
    int spread = draft.engines.spread();
    draft.lift(step.member(), step.node());
    Option best = judge.best(step.member(), ALL, 0, draft.rest.size());
    int node =
        best != null && best.cost() < before * (1 - Option.EQUAL) ? best.node() : step.node();
    draft.put(step.member(), node);
    if (draft.engines.spread() > spread || draft.desk.cost() > before) {
      draft.lift(step.member(), node);
      node = step.node();
      draft.put(step.member(), node);
    }
    draft.touched.set(node);
    draft.steps.set(i, new Draft.Step(step.member(), node));
  }

  private void swap(int i, int j) {
    Draft.Step a = draft.steps.get(i);
    Draft.Step b = draft.steps.get(j);
    if (a.node() == b.node()
        || a.member().role() == b.member().role()
        || a.member().gpus() != b.member().gpus()) {
      return;
    }
    double before = draft.desk.cost();
    int spread = draft.engines.spread();
    exchange(a, b);
    if (draft.desk.cost() < before * (1 - Option.EQUAL) && draft.engines.spread() <= spread) {
      draft.steps.set(i, new Draft.Step(a.member(), b.node()));
      draft.steps.set(j, new Draft.Step(b.member(), a.node()));
    } else {
      exchange(new Draft.Step(a.member(), b.node()), new Draft.Step(b.member(), a.node()));
    }
  }

  private void exchange(Draft.Step a, Draft.Step b) {
    draft.lift(a.member(), a.node());
    draft.lift(b.member(), b.node());
    draft.put(a.member(), b.node());
    draft.put(b.member(), a.node());
  }
}
