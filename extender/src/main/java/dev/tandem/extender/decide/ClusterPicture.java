package dev.tandem.extender.decide;

import dev.tandem.topology.facts.LinkSpeeds;
import dev.tandem.topology.graph.Interconnect;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Nodes and pods as the watches last showed them, with GPUs in use counted a node and pods indexed
 * by group. Safe for many threads: one lock, held for map operations only, and while an
 * interconnect is rebuilt after nodes changed (milliseconds for thousands of nodes).
 *
 * <p>Holds one entry for every node and for every pod that asks for GPUs or carries our
 * annotations; the cluster itself is the bound.
 */
public final class ClusterPicture implements ClusterFeed {
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, NodeState> nodes = new TreeMap<>();
  private final Map<String, PodFacts> pods = new LinkedHashMap<>();
  private final Map<String, Map<String, PodFacts>> byGroup = new HashMap<>();
  private final Map<String, Integer> used = new HashMap<>();
  private Interconnect interconnect;
  private boolean factsChanged;

  public ClusterPicture(LinkSpeeds speeds) {
    this.interconnect = Interconnect.of(List.of(), speeds);
  }

  @Override
  public void node(NodeState node) {
    locked(() -> {
      NodeState before = nodes.put(node.facts().name(), node);
      if (before == null || !before.facts().equals(node.facts())) {
        factsChanged = true;
      }
    });
  }

  @Override
  public void nodeGone(String name) {
    locked(() -> {
      if (nodes.remove(name) != null) {
        factsChanged = true;
      }
    });
  }

  @Override
  public void pod(PodFacts pod) {
    locked(() -> {
      forget(pod.uid());
      if (!pod.matters()) {
        return;
      }
      pods.put(pod.uid(), pod);
      String group = pod.groupKey();
      if (group != null) {
        byGroup.computeIfAbsent(group, g -> new LinkedHashMap<>()).put(pod.uid(), pod);
      }
      count(pod, 1);
    });
  }

  @Override
  public void podGone(String uid) {
    locked(() -> forget(uid));
  }

  /**
   * A consistent copy for one decision.
   *
   * @param expected UIDs of pods expected somewhere, of which it tells those that are bound by now
   */
  Snapshot snapshot(Collection<String> expected) {
    lock.lock();
    try {
      Set<String> settled = new HashSet<>();
      for (String uid : expected) {
        PodFacts pod = pods.get(uid);
        if (pod != null && !pod.pending()) {
          settled.add(uid);
        }
      }
      Map<String, List<PodFacts>> groups = new TreeMap<>();
      byGroup.forEach((key, members) -> groups.put(key, new ArrayList<>(members.values())));
      return new Snapshot(
          current(), new ArrayList<>(nodes.values()), new HashMap<>(used), groups, settled);
    } finally {
      lock.unlock();
    }
  }

  /** The interconnect of the nodes known now. */
  public Interconnect interconnect() {
    lock.lock();
    try {
      return current();
    } finally {
      lock.unlock();
    }
  }

  /** Our pods: those that carry our annotations. */
  Collection<PodFacts> ours() {
    lock.lock();
    try {
      return pods.values().stream().filter(pod -> pod.ask() != null).toList();
    } finally {
      lock.unlock();
    }
  }

  /** GPUs that bound pods hold, by node; nodes without any may be absent. */
  public Map<String, Integer> usedGpus() {
    lock.lock();
    try {
      return new HashMap<>(used);
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
   * @param interconnect how the nodes are joined
   * @param nodes every node, by name
   * @param used GPUs that bound pods hold, by node
   * @param groups pods by group key, in the order they were first seen
   * @param settled of the expected pods, those that need no expectation any more
   */
  record Snapshot(
      Interconnect interconnect,
      List<NodeState> nodes,
      Map<String, Integer> used,
      Map<String, List<PodFacts>> groups,
      Set<String> settled) {}

  private Interconnect current() {
    if (factsChanged) {
      interconnect = interconnect.next(nodes.values().stream().map(NodeState::facts).toList());
      factsChanged = false;
    }
    return interconnect;
  }

  private void forget(String uid) {
    PodFacts before = pods.remove(uid);
    if (before == null) {
      return;
    }
    count(before, -1);
    String group = before.groupKey();
    Map<String, PodFacts> members = group == null ? null : byGroup.get(group);
    if (group != null && members != null) {
      members.remove(uid);
      if (members.isEmpty()) {
        byGroup.remove(group);
      }
    }
  }

  private void count(PodFacts pod, int sign) {
    String node = pod.node();
    if (node != null && pod.holdsGpus() && pod.gpus() > 0) {
      used.merge(node, sign * pod.gpus(), Integer::sum);
    }
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
