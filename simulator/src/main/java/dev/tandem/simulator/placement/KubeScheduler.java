package dev.tandem.simulator.placement;

import dev.tandem.api.Level;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * kube-scheduler without an extender, as far as it decides where GPU pods go (kubernetes/kubernetes
 * pkg/scheduler at 1.36).
 *
 * <p>Filter: nodes with room, looked at from where the last search ended, until the adaptive share
 * of them is found (numFeasibleNodesToFind); workers check runs of neighbouring nodes side by side
 * (pkg/scheduler/framework/parallelize), so their finds mix at random. Score: NodeResourcesFit,
 * NodeResourcesBalancedAllocation and InterPodAffinity with their default weights 1, 1 and 2. CPU
 * and memory are taken to be asked for in proportion to GPUs, so that fit scores by free GPUs and
 * balance is the same everywhere. Equals: by {@link Ties}. Pods alike that fill a node each are
 * placed from one sorted list for half a second (opportunistic batching, KEP-5598); pods with
 * affinity never are.
 */
final class KubeScheduler implements Placer {
  private static final int LEAST_NODES_TO_FIND = 100;
  private static final int LEAST_PERCENT_TO_FIND = 5;
  private static final int PARALLELISM = 16;

  /** Processors that really check side by side. */
  private static final int WORKERS = 2;

  /**
   * Checks after which the other worker may take over, on average. With 32 and two clients the
   * fragmented cluster comes out as measured with a real kube-scheduler 1.36 on two processors: 7
   * of 30 groups in one domain without affinity, 16 complete and 28 pods stuck with required
   * affinity.
   */
  private static final int HEAD_START = 32;

  private static final int BEST = 100;
  private static final int AFFINITY_WEIGHT = 2;

  /** Half a second at the 250 pods/s that 1.36 binds on 1,000 nodes with two processors. */
  private static final int BATCH = 125;

  /** What fit rewards. */
  enum Scoring {
    LEAST_ALLOCATED,
    MOST_ALLOCATED
  }

  /** Who wins among equals. */
  enum Ties {
    /** The order the heap of scores gives, as since 1.35; see {@link ScoreHeap}. */
    HEAP,
    /** One of the best at random, as before. */
    RANDOM
  }

  /** Pod affinity to the own group with the NVLink domain as topology key. */
  enum Affinity {
    NONE,
    /** Preferred with weight 100. */
    PREFERRED,
    /** Required; the group's first pod may go to any labelled node. */
    REQUIRED
  }

  private final World world;
  private final Scoring scoring;
  private final Ties ties;
  private final Affinity affinity;
  private final Random random;
  private int nextStart;
  private @Nullable Batch batch;

  /** Nodes left over from an earlier pod's scoring. */
  private static final class Batch {
    private final ScoreHeap nodes;
    private final int gpus;
    private int lastNode;
    private int left = BATCH;

    Batch(ScoreHeap nodes, int gpus, int lastNode) {
      this.nodes = nodes;
      this.gpus = gpus;
      this.lastNode = lastNode;
    }
  }

  KubeScheduler(World world, Scoring scoring, Ties ties, Affinity affinity, Random random) {
    this.world = world;
    this.scoring = scoring;
    this.ties = ties;
    this.affinity = affinity;
    this.random = random;
  }

  @Override
  public OptionalInt place(Pod pod) {
    int hinted = hint(pod);
    if (hinted != World.NONE) {
      return OptionalInt.of(hinted);
    }
    batch = null;
    List<Integer> feasible = feasible(pod, toFind(world.size()));
    if (feasible.isEmpty()) {
      return OptionalInt.empty();
    }
    if (ties == Ties.RANDOM) {
      Collections.shuffle(feasible, random);
    }
    ScoreHeap heap = scored(pod, feasible);
    int node = heap.pop();
    if (ties == Ties.HEAP && affinity == Affinity.NONE && !heap.isEmpty()) {
      batch = new Batch(heap, pod.gpus(), node);
    }
    return OptionalInt.of(node);
  }

  /**
   * The same beside an extender as it is deployed with one: it looks at every node, and an extender
   * turns batching off.
   *
   * @param kept nodes the extender keeps of those found; all of them where it would keep none
   */
  OptionalInt placeAmong(Pod pod, IntPredicate kept) {
    List<Integer> feasible = feasible(pod, world.size());
    List<Integer> left = feasible.stream().filter(kept::test).toList();
    return feasible.isEmpty()
        ? OptionalInt.empty()
        : OptionalInt.of(scored(pod, left.isEmpty() ? feasible : left).pop());
  }

  private int hint(Pod pod) {
    Batch known = batch;
    if (known == null
        || known.nodes.isEmpty()
        || known.gpus != pod.gpus()
        || known.left-- == 0
        || world.free(known.lastNode) >= pod.gpus()) {
      return World.NONE;
    }
    int node = known.nodes.pop();
    if (world.free(node) < pod.gpus()) {
      return World.NONE;
    }
    known.lastNode = node;
    return node;
  }

  /** Nodes that pass the filters, in the order they are found. */
  private List<Integer> feasible(Pod pod, int wanted) {
    int count = world.size();
    int run = runLength(count);
    boolean[] allowed = allowedDomains(pod);
    List<Integer> found = new ArrayList<>();
    int[] next = new int[WORKERS];
    int[] end = new int[WORKERS];
    int dealt = 0;
    int checked = 0;
    int worker = 0;
    while (checked < count && found.size() < wanted) {
      if (random.nextInt(HEAD_START) == 0) {
        worker = random.nextInt(WORKERS);
      }
      if (next[worker] == end[worker]) {
        if (dealt == count) {
          worker = 1 - worker; // the other one finishes its run
          continue;
        }
        next[worker] = dealt;
        dealt = Math.min(count, dealt + run);
        end[worker] = dealt;
      }
      int node = (nextStart + next[worker]++) % count;
      checked++;
      if (world.free(node) >= pod.gpus() && allowed(node, allowed)) {
        found.add(node);
      }
    }
    nextStart = (nextStart + checked) % count;
    return found;
  }

  private static int toFind(int nodes) {
    if (nodes < LEAST_NODES_TO_FIND) {
      return nodes;
    }
    int percent = Math.max(50 - nodes / 125, LEAST_PERCENT_TO_FIND);
    return Math.max(LEAST_NODES_TO_FIND, nodes * percent / 100);
  }

  private static int runLength(int nodes) {
    return Math.max(1, Math.min((int) Math.sqrt(nodes), nodes / PARALLELISM + 1));
  }

  /** The domains a required affinity leaves; empty where it leaves every labelled node. */
  private boolean[] allowedDomains(Pod pod) {
    boolean[] allowed = new boolean[0];
    for (Pod other : world.group(pod.group()).members()) {
      Integer node = world.group(pod.group()).node(other);
      int domain = node == null ? World.NONE : world.block(Level.NVLINK, node);
      if (domain != World.NONE) {
        allowed = allowed.length == 0 ? new boolean[world.blockCount(Level.NVLINK)] : allowed;
        allowed[domain] = true;
      }
    }
    return allowed;
  }

  private boolean allowed(int node, boolean[] domains) {
    if (affinity != Affinity.REQUIRED) {
      return true;
    }
    int domain = world.block(Level.NVLINK, node);
    return domain != World.NONE && (domains.length == 0 || domains[domain]);
  }

  private ScoreHeap scored(Pod pod, List<Integer> feasible) {
    int[] nodes = feasible.stream().mapToInt(Integer::intValue).toArray();
    long[] scores = new long[nodes.length];
    long[] friends = affinity == Affinity.PREFERRED ? friends(pod, nodes) : scores.clone();
    for (int i = 0; i < nodes.length; i++) {
      int capacity = world.gpus(nodes[i]);
      int left = world.free(nodes[i]) - pod.gpus();
      int counted = scoring == Scoring.LEAST_ALLOCATED ? left : capacity - left;
      long fit = capacity == 0 ? 0 : (long) BEST * counted / capacity;
      scores[i] = fit + BEST + AFFINITY_WEIGHT * friends[i];
    }
    return new ScoreHeap(nodes, scores);
  }

  /** Members of the group in each node's domain, spread to 0..100 as InterPodAffinity does. */
  private long[] friends(Pod pod, int[] nodes) {
    int[] members = new int[world.blockCount(Level.NVLINK)];
    World.GroupState group = world.group(pod.group());
    for (Pod other : group.members()) {
      Integer node = group.node(other);
      if (node != null && world.block(Level.NVLINK, node) != World.NONE) {
        members[world.block(Level.NVLINK, node)]++;
      }
    }
    long[] scores = new long[nodes.length];
    long least = Long.MAX_VALUE;
    long most = 0;
    for (int i = 0; i < nodes.length; i++) {
      int domain = world.block(Level.NVLINK, nodes[i]);
      scores[i] = domain == World.NONE ? 0 : members[domain];
      least = Math.min(least, scores[i]);
      most = Math.max(most, scores[i]);
    }
    for (int i = 0; i < nodes.length; i++) {
      scores[i] = most == least ? 0 : BEST * (scores[i] - least) / (most - least);
    }
    return scores;
  }
}
