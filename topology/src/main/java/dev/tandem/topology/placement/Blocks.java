package dev.tandem.topology.placement;

import dev.tandem.api.Level;
import dev.tandem.topology.facts.NodeFacts;
import dev.tandem.topology.graph.Interconnect;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The nodes of an interconnect as numbers: node {@code i} is the i-th by name, {@code block(tier,
 * i)} the number of the block it is in, and {@code path(i)} the same for all nodes in the same
 * blocks. Immutable, one for a generation, safe for many threads; making one takes some
 * milliseconds for thousands of nodes.
 */
public final class Blocks {
  /** Not in any block of this tier, or not a node. */
  public static final int NONE = -1;

  private static final int BOARD = Tier.BOARD.ordinal();

  private final Interconnect interconnect;
  private final NodeFacts[] facts;
  private final String[] names;
  private final NameIndex index;
  private final int[][] block;
  private final List<List<String>> blockNames = new ArrayList<>();
  private final int[] path;
  private final boolean[] alone;
  private final int[][] blockOfPath;
  private final int[][][] pathsOf;
  private final boolean[] joins = new boolean[Tier.VALUES.length];
  private final int[][] gpusOf;
  private final int largestNode;

  private Blocks(Interconnect interconnect) {
    this.interconnect = interconnect;
    this.facts = interconnect.nodes().values().toArray(NodeFacts[]::new);
    this.names = Arrays.stream(facts).map(NodeFacts::name).toArray(String[]::new);
    this.index = new NameIndex(Arrays.asList(names));
    this.block = new int[Tier.VALUES.length][names.length];
    this.path = new int[names.length];
    this.alone = new boolean[names.length];
    number();
    this.blockOfPath = walk();
    this.pathsOf = gather();
    findJoins();
    this.gpusOf = countGpus();
    this.largestNode = Arrays.stream(facts).mapToInt(NodeFacts::gpus).max().orElse(0);
  }

  /** Numbers the nodes and blocks of an interconnect. */
  public static Blocks of(Interconnect interconnect) {
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
  }

  /** Names the block of a tier; a missing tier inherits the nearer tier's block. */
  private @Nullable String key(Tier tier, int node) {
    NodeFacts of = facts[node];
    return switch (tier) {
      case NVLINK -> prefixed("nvlink", of.block(Level.NVLINK));
      case BOARD -> {
        String domain = prefixed("nvlink", of.block(Level.NVLINK));
        yield domain == null ? "node:" + of.name() : domain;
      }
      case LEAF, SPINE, CORE, ZONE -> {
        String named = prefixed(tier.level().label(), of.block(tier.level()));
        yield named == null ? key(Tier.VALUES[tier.ordinal() - 1], node) : named;
      }
      case ALL -> "all:the cluster";
    };
  }

  private static @Nullable String prefixed(String prefix, @Nullable String value) {
    return value == null ? null : prefix + ":" + value;
  }

  /** Numbers the paths; a node without a domain shares its path with those beside it. */
  private int[][] walk() {
    Map<List<Integer>, Integer> paths = new HashMap<>();
    List<List<Integer>> inOrder = new ArrayList<>();
    for (int node = 0; node < names.length; node++) {
      alone[node] = block[Tier.NVLINK.ordinal()][node] == NONE;
      List<Integer> tiers = new ArrayList<>(Tier.VALUES.length);
      for (int tier = 0; tier < Tier.VALUES.length; tier++) {
        // Where even the leaf is missing the node's own block is its leaf, and no path is shared.
        tiers.add(tier == BOARD && alone[node] ? NONE : block[tier][node]);
      }
      Integer known = paths.get(tiers);
      if (known == null) {
        known = paths.size();
        paths.put(tiers, known);
        inOrder.add(tiers);
      }
      path[node] = known;
    }
    int[][] blocks = new int[Tier.VALUES.length][inOrder.size()];
    for (int p = 0; p < inOrder.size(); p++) {
      for (int tier = 0; tier < Tier.VALUES.length; tier++) {
        blocks[tier][p] = inOrder.get(p).get(tier);
      }
    }
    return blocks;
  }

  private int[][][] gather() {
    int[][][] paths = new int[Tier.VALUES.length][][];
    for (int tier = 0; tier < Tier.VALUES.length; tier++) {
      paths[tier] = new int[count(tier)][0];
      int[] found = new int[count(tier)];
      for (int b : blockOfPath[tier]) {
        if (b != NONE) {
          found[b]++;
        }
      }
      for (int b = 0; b < found.length; b++) {
        paths[tier][b] = new int[found[b]];
      }
      for (int p = paths() - 1; p >= 0; p--) {
        int b = blockOfPath[tier][p];
        if (b != NONE) {
          paths[tier][b][--found[b]] = p;
        }
      }
    }
    for (int node = 0; node < names.length; node++) {
      if (alone[node]) {
        paths[BOARD][block[BOARD][node]] = new int[] {path[node]};
      }
    }
    return paths;
  }

  private int[][] countGpus() {
    int[][] gpus = new int[Tier.VALUES.length][];
    for (int tier = 0; tier < gpus.length; tier++) {
      gpus[tier] = new int[count(tier)];
      for (int node = 0; node < names.length; node++) {
        if (block[tier][node] != NONE) {
          gpus[tier][block[tier][node]] += facts[node].gpus();
        }
      }
    }
    return gpus;
  }

  /** A tier joins two nodes if one of its blocks holds two that no nearer block holds. */
  private void findJoins() {
    for (int tier = 0; tier < Tier.VALUES.length; tier++) {
      int[] first = new int[count(tier)];
      Arrays.fill(first, NONE);
      for (int node = 0; node < names.length && !joins[tier]; node++) {
        int b = block[tier][node];
        if (b == NONE) {
          continue;
        }
        int nearer = tier <= BOARD ? node : block[tier - 1][node];
        if (first[b] == NONE) {
          first[b] = nearer;
        }
        joins[tier] = first[b] != nearer;
      }
    }
  }

  /** The interconnect these are the numbers of. */
  public Interconnect interconnect() {
    return interconnect;
  }

  /** How many nodes there are. */
  public int size() {
    return names.length;
  }

  /** A node's name. */
  public String name(int node) {
    return names[node];
  }

  /** The node's number, or {@link #NONE} if it is unknown. */
  public int indexOf(String name) {
    byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
    return index.of(utf8, 0, utf8.length);
  }

  /** The same by the name's UTF-8 between two positions, without making a String of it. */
  public int indexOf(byte[] utf8, int from, int to) {
    return index.of(utf8, from, to);
  }

  /** Allocatable GPUs of the node that has most. */
  public int largestNode() {
    return largestNode;
  }

  /** Allocatable GPUs of a node. */
  int gpus(int node) {
    return facts[node].gpus();
  }

  /** GPUs of all nodes of a block. */
  int gpusOf(int tier, int number) {
    return gpusOf[tier][number];
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

  int paths() {
    return blockOfPath[0].length;
  }

  /** The block of all nodes of a path, or {@link #NONE}: also where each is a block of its own. */
  int blockOfPath(int tier, int of) {
    return blockOfPath[tier][of];
  }

  /** The paths of the nodes in a block. */
  int[] pathsOf(int tier, int number) {
    return pathsOf[tier][number];
  }

  /** Whether the node has no NVLink domain and is a {@link Tier#BOARD} block by itself. */
  boolean alone(int node) {
    return alone[node];
  }

  /** Whether two nodes exist whose nearest common block is of this tier. */
  boolean joins(int tier) {
    return joins[tier];
  }

  @Override
  public String toString() {
    return names.length + " nodes, " + paths() + " paths";
  }
}
