package dev.tandem.topology.placement;

import dev.tandem.api.Level;
import dev.tandem.topology.facts.NodeFacts;
import dev.tandem.topology.graph.Interconnect;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The nodes of an interconnect as numbers: node {@code i} is the i-th by name, and {@code
 * block(tier, i)} the number of the block it is in. Immutable, one for a generation.
 */
final class Blocks {
  /** Not in any block of this tier. */
  static final int NONE = -1;

  private final Interconnect interconnect;
  private final String[] names;
  private final Map<String, Integer> index = new HashMap<>();
  private final int[][] block;
  private final List<List<String>> blockNames = new ArrayList<>();
  private final int[] path;

  private Blocks(Interconnect interconnect) {
    this.interconnect = interconnect;
    this.names = interconnect.nodes().keySet().toArray(String[]::new);
    for (int i = 0; i < names.length; i++) {
      index.put(names[i], i);
    }
    this.block = new int[Tier.VALUES.length][names.length];
    this.path = new int[names.length];
    number();
  }

  static Blocks of(Interconnect interconnect) {
    return new Blocks(interconnect);
  }

  private void number() {
    for (Tier tier : Tier.VALUES) {
      Map<String, Integer> numbers = new HashMap<>();
      List<String> named = new ArrayList<>();
      for (int node = 0; node < names.length; node++) {
        @Nullable String key = key(tier, node);
        if (key == null) {
          block[tier.ordinal()][node] = NONE;
          continue;
        }
        Integer number = numbers.get(key);
        if (number == null) {
          number = numbers.size();
          numbers.put(key, number);
          named.add(key.substring(key.indexOf(':') + 1));
        }
        block[tier.ordinal()][node] = number;
      }
      blockNames.add(named);
    }
    Map<List<Integer>, Integer> paths = new HashMap<>();
    for (int node = 0; node < names.length; node++) {
      List<Integer> tiers = new ArrayList<>();
      for (Tier tier : Tier.VALUES) {
        boolean ownBoard = tier == Tier.BOARD && block[Tier.NVLINK.ordinal()][node] == NONE;
        tiers.add(ownBoard ? NONE : block[tier.ordinal()][node]);
      }
      path[node] = paths.computeIfAbsent(tiers, t -> paths.size());
    }
  }

  /** Names the block of a tier; a missing tier inherits the nearer tier's block. */
  private @Nullable String key(Tier tier, int node) {
    NodeFacts facts = facts(node);
    return switch (tier) {
      case NVLINK -> prefixed("nvlink", facts.block(Level.NVLINK));
      case BOARD -> {
        String domain = prefixed("nvlink", facts.block(Level.NVLINK));
        yield domain == null ? "node:" + facts.name() : domain;
      }
      case LEAF, SPINE, CORE, ZONE -> {
        String named = prefixed(tier.level().label(), facts.block(tier.level()));
        yield named == null ? key(Tier.VALUES[tier.ordinal() - 1], node) : named;
      }
      case ALL -> "all:the cluster";
    };
  }

  private static @Nullable String prefixed(String prefix, @Nullable String value) {
    return value == null ? null : prefix + ":" + value;
  }

  Interconnect interconnect() {
    return interconnect;
  }

  int size() {
    return names.length;
  }

  String name(int node) {
    return names[node];
  }

  NodeFacts facts(int node) {
    NodeFacts facts = interconnect.nodes().get(names[node]);
    if (facts == null) {
      throw new IllegalStateException("no facts of node " + names[node]);
    }
    return facts;
  }

  /** The node's number, or {@link #NONE} if it is unknown. */
  int indexOf(String name) {
    return index.getOrDefault(name, NONE);
  }

  int block(Tier tier, int node) {
    return block[tier.ordinal()][node];
  }

  int block(int tier, int node) {
    return block[tier][node];
  }

  int count(int tier) {
    return blockNames.get(tier).size();
  }

  String blockName(Tier tier, int number) {
    return blockNames.get(tier.ordinal()).get(number);
  }

  /**
   * Nodes with the same value hang in the same blocks: alike for everything but their free GPUs.
   */
  int path(int node) {
    return path[node];
  }

  @Override
  public String toString() {
    return names.length + " nodes, paths " + Arrays.stream(path).distinct().count();
  }
}
