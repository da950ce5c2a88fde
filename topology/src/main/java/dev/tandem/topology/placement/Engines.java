package dev.tandem.topology.placement;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Where the pods of engines that run in several pods are. Such pods exchange activations at every
 * token, far more often than KV cache moves, so they are kept together before anything else. One
 * thread; lives for one question.
 */
final class Engines {
  private static final int TIERS = Tier.VALUES.length;

  private final Blocks blocks;
  private final Map<String, Engine> several = new HashMap<>();

  private static final class Engine {
    final List<Integer> nodes = new ArrayList<>();
    int members;
  }

  /** Engines of these members that have more than one pod; nothing is placed yet. */
  Engines(Blocks blocks, Iterable<Member> members) {
    this.blocks = blocks;
    for (Member member : members) {
      several.computeIfAbsent(member.engine(), e -> new Engine()).members++;
    }
    several.values().removeIf(engine -> engine.members < 2);
  }

  void place(Member member, int node) {
    Engine engine = several.get(member.engine());
    if (engine != null) {
      engine.nodes.add(node);
    }
  }

  void takeBack(Member member, int node) {
    Engine engine = several.get(member.engine());
    if (engine != null) {
      engine.nodes.remove((Integer) node);
    }
  }

  /**
   * How far apart its engine would be with one more pod on {@code node}: the nearest tier whose one
   * block holds those placed and has room for the others; 0 for an engine of one pod.
   */
  int tierWith(Desk desk, Member member, int node) {
    if (several.isEmpty()) {
      return 0;
    }
    Engine engine = several.get(member.engine());
    if (engine == null) {
      return 0;
    }
    int others = engine.members - engine.nodes.size() - 1;
    int tier = together(engine, node);
    while (tier < TIERS - 1
        && others > 0
        && (blocks.block(tier, node) == Blocks.NONE
            || desk.placesAfter(member.gpus(), tier, blocks.block(tier, node), node, member.gpus())
                < others)) {
      tier++;
    }
    return tier;
  }

  /** Tiers that engines are apart, summed over them. */
  int spread() {
    int spread = 0;
    for (Engine engine : several.values()) {
      spread += engine.nodes.isEmpty() ? 0 : together(engine, engine.nodes.getFirst());
    }
    return spread;
  }

  private int together(Engine engine, int node) {
    for (int tier = 0; tier < TIERS; tier++) {
      int block = blocks.block(tier, node);
      boolean all = block != Blocks.NONE;
      for (int i = 0; all && i < engine.nodes.size(); i++) {
        all = blocks.block(tier, engine.nodes.get(i)) == block;
      }
      if (all) {
        return tier;
      }
    }
    return TIERS;
  }
}
