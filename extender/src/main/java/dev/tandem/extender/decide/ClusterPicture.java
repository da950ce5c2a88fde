package dev.tandem.extender.decide;

import dev.tandem.topology.facts.LinkSpeeds;
import dev.tandem.topology.facts.NodeFacts;
import dev.tandem.topology.graph.Interconnect;
import dev.tandem.topology.placement.Blocks;
import dev.tandem.topology.placement.Uplinks;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Nodes and pods as the watches last showed them, with the GPUs left a node and the pods a group
 * counted as they change. Safe for many threads: one lock, held for map operations only.
 *
 * <p>How the nodes are joined is a value built whole for each generation of nodes. With an executor
 * it is built there after a node's facts changed, while questions go on with the generation before
 * (a new node is unknown until then, {@link #settled} tells); changes that come meanwhile make one
 * more. Without an executor it is built by whoever asks first.
 *
 * <p>Holds one entry for every node and for every pod that asks for GPUs or carries our
 * annotations; the cluster itself is the bound.
 */
public final class ClusterPicture implements ClusterFeed {
  /** Node selectors remembered, each a flag a node; all are dropped when one is too many. */
  private static final int SELECTORS = 64;

  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, NodeState> nodes = new TreeMap<>();
  private final PodBook pods;
  private final Map<Map<String, String>, boolean[]> selected = new HashMap<>();
  private final @Nullable Executor builder;
  private final Drawing drawing;
  private Floor floor;
  private LinkSpeeds speeds;
  private long lives;
  private boolean factsChanged;
  private boolean building;
  private List<NodeFacts> looked = List.of();
  private LinkSpeeds lookedSpeeds;

  /**
   * A picture that builds a generation when it is asked for.
   *
   * @param clock the one decisions on it go by
   */
  public ClusterPicture(LinkSpeeds speeds, Clock clock) {
    this(speeds, clock, null);
  }

  /**
   * @param clock the one decisions on it go by
   * @param builder builds generations, one at a time, or null for whoever asks
   */
  public ClusterPicture(LinkSpeeds speeds, Clock clock, @Nullable Executor builder) {
    this(speeds, clock, builder, Drawing.unordered());
  }

  /**
   * @param clock the one decisions on it go by
   * @param builder builds generations, one at a time, or null for whoever asks
   * @param drawing runs the steps of building that others may want to order
   */
  public ClusterPicture(
      LinkSpeeds speeds, Clock clock, @Nullable Executor builder, Drawing drawing) {
    this.pods = new PodBook(new FirstShown(clock));
    this.builder = builder;
    this.drawing = drawing;
    this.speeds = speeds;
    this.lookedSpeeds = speeds;
    this.floor = new Floor(Blocks.of(Interconnect.of(List.of(), speeds)), Map.of(), Map.of());
  }

  /**
   * A picture of its own with all this one holds, which no question is asked of but by its owner.
   */
  private ClusterPicture(
      Floor floor, Collection<NodeState> nodes, Collection<PodFacts> pods, FirstShown firstShown) {
    this.pods = new PodBook(firstShown);
    this.builder = null;
    this.drawing = Drawing.unordered();
    this.floor = floor;
    this.speeds = floor.blocks().interconnect().speeds();
    this.lookedSpeeds = speeds;
    nodes.forEach(node -> this.nodes.put(node.facts().name(), node));
    pods.forEach(this::pod);
  }

  /**
   * A copy that what-if questions can change; it shares what is immutable. Takes about a
   * millisecond of the lock for thousands of nodes and pods.
   */
  ClusterPicture copy() {
    List<NodeState> allNodes;
    List<PodFacts> allPods;
    Blocks blocks;
    FirstShown shown;
    lock.lock();
    try {
      blocks = current().blocks();
      allNodes = new ArrayList<>(nodes.values());
      allPods = new ArrayList<>(pods.all());
      shown = pods.firstShown();
    } finally {
      lock.unlock();
    }
    Map<String, NodeState> byName = new HashMap<>();
    allNodes.forEach(node -> byName.put(node.facts().name(), node));
    return new ClusterPicture(new Floor(blocks, byName, Map.of()), allNodes, allPods, shown);
  }

  /** Every node. */
  List<NodeState> nodes() {
    lock.lock();
    try {
      return new ArrayList<>(nodes.values());
    } finally {
      lock.unlock();
    }
  }

  /** Every pod that matters. */
  List<PodFacts> pods() {
    lock.lock();
    try {
      return new ArrayList<>(pods.all());
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void node(NodeState node) {
    locked(() -> {
      String name = node.facts().name();
      NodeState before = nodes.put(name, node);
      if (node.equals(before)) {
        return;
      }
      if (before == null || before.alive() != node.alive()) {
        lives++;
      }
      floor.node(node, pods.used(name));
      selected.clear();
      if (before == null || !before.facts().equals(node.facts())) {
        changed();
      }
    });
  }

  @Override
  public void nodeGone(String name) {
    locked(() -> {
      if (nodes.remove(name) != null) {
        lives++;
        floor.gone(name);
        selected.clear();
        changed();
      }
    });
  }

  @Override
  public void pod(PodFacts pod) {
    locked(() -> pods.put(pod, floor));
  }

  @Override
  public void podGone(String uid) {
    locked(() -> pods.remove(uid, floor));
  }

  /** Takes in other link speeds; they count from the next generation on. */
  public void speeds(LinkSpeeds others) {
    locked(() -> {
      if (!others.equals(speeds)) {
        speeds = others;
        changed();
      }
    });
  }

  /** Whether the nodes known now are those of the current generation. */
  public boolean settled() {
    lock.lock();
    try {
      return builder == null || (!factsChanged && !building);
    } finally {
      lock.unlock();
    }
  }

  /**
   * A consistent copy for one decision.
   *
   * @param expected pods expected somewhere, of which it tells those that are bound by now
   */
  Snapshot snapshot(Collection<Expected> expected) {
    lock.lock();
    try {
      Set<String> bound = new HashSet<>();
      for (Expected one : expected) {
        PodFacts pod = pods.get(one.pod().uid());
        if (pod != null && !pod.pending()) {
          bound.add(pod.uid());
        }
      }
      Floor now = current();
      return new Snapshot(now.blocks(), now.spare(), now.doors(), lives, pods.incomplete(), bound);
    } finally {
      lock.unlock();
    }
  }

  /** A pod that matters to placement, by UID, or null. */
  @Nullable PodFacts pod(String uid) {
    lock.lock();
    try {
      return pods.get(uid);
    } finally {
      lock.unlock();
    }
  }

  /** The pods of a group, or null if it has none. */
  @Nullable GroupPods group(String key) {
    lock.lock();
    try {
      return pods.group(key);
    } finally {
      lock.unlock();
    }
  }

  /** Whether a node exists and is ready. */
  boolean alive(String node) {
    lock.lock();
    try {
      NodeState known = nodes.get(node);
      return known != null && known.alive();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Which nodes have these labels, by number; null if there are none to have, or if the generation
   * is another than {@code on}, whose numbers are asked for. Not to be changed.
   */
  boolean @Nullable [] with(Map<String, String> selector, Blocks on) {
    if (selector.isEmpty()) {
      return null;
    }
    lock.lock();
    try {
      if (floor.blocks() != on) {
        return null;
      }
      if (selected.size() >= SELECTORS) {
        selected.clear();
      }
      return selected.computeIfAbsent(selector, floor::with);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Other groups' transfers on the uplink of each block, see {@link Uplinks#flows}; null if there
   * are none, or if the generation is another than {@code on}.
   */
  double @Nullable [][] flows(@Nullable String but, Blocks on) {
    lock.lock();
    try {
      return floor.blocks() == on ? floor.uplinks().flows(but) : null;
    } finally {
      lock.unlock();
    }
  }

  /** The interconnect of the current generation. */
  public Interconnect interconnect() {
    return blocks().interconnect();
  }

  /** The nodes of the current generation by number. */
  Blocks blocks() {
    lock.lock();
    try {
      return current().blocks();
    } finally {
      lock.unlock();
    }
  }

  /** Our pods: those that carry our annotations. */
  Collection<PodFacts> ours() {
    lock.lock();
    try {
      return pods.all().stream().filter(pod -> pod.ask() != null).toList();
    } finally {
      lock.unlock();
    }
  }

  /** GPUs that bound pods hold, by node; nodes without any may be absent. */
  public Map<String, Integer> usedGpus() {
    lock.lock();
    try {
      return new HashMap<>(pods.used());
    } finally {
      lock.unlock();
    }
  }

  /** Number of nodes known. */
  public int nodeCount() {
    lock.lock();
    try {
      return nodes.size();
    } finally {
      lock.unlock();
    }
  }

  /**
   * One moment of the cluster; owned by the decision that took it.
   *
   * @param blocks the nodes by number
   * @param spare GPUs that bound pods leave, by node number
   * @param doors which nodes take pods, by number: {@link Floor#OPEN} and the like
   * @param lives changes when a node comes, goes, or turns ready or not
   * @param incomplete groups with a pod that waits or is announced
   * @param settled of the expected pods, those that need no expectation any more
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared; copied for this decision alone
  record Snapshot(
      Blocks blocks,
      int[] spare,
      byte[] doors,
      long lives,
      List<GroupPods> incomplete,
      Set<String> settled) {}

  private void changed() {
    factsChanged = true;
    if (builder != null && !building) {
      building = true;
      builder.execute(this::build);
    }
  }

  private Floor current() {
    if (builder == null && factsChanged) {
      factsChanged = false;
      install(Blocks.of(next(facts(), speeds)));
    }
    return floor;
  }

  private void build() {
    while (drawing.look(this::look)) {
      Blocks blocks = Blocks.of(next(looked, lookedSpeeds));
      drawing.show(() -> locked(() -> install(blocks)));
    }
  }

  private boolean look() {
    lock.lock();
    try {
      if (!factsChanged) {
        building = false;
        return false;
      }
      factsChanged = false;
      looked = facts();
      lookedSpeeds = speeds;
      return true;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Draws the nodes as they are now, for one thread that decides itself when questions see them and
   * whose builder does nothing.
   *
   * @return makes questions see them; null if no node changed
   */
  public @Nullable Runnable draw() {
    if (!look()) {
      return null;
    }
    Blocks blocks = Blocks.of(next(looked, lookedSpeeds));
    return () -> locked(() -> install(blocks));
  }

  /** Only one thread builds, so that the generation before stays the one before. */
  private Interconnect next(List<NodeFacts> facts, LinkSpeeds links) {
    return floor.blocks().interconnect().next(facts, links);
  }

  private void install(Blocks blocks) {
    floor = new Floor(blocks, nodes, pods.used());
    pods.connect(floor);
    selected.clear();
    lives++;
  }

  private List<NodeFacts> facts() {
    return nodes.values().stream().map(NodeState::facts).toList();
  }

  private void locked(Runnable change) {
    lock.lock();
    try {
      change.run();
    } finally {
      lock.unlock();
    }
  }
}
