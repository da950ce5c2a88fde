package dev.tandem.simulator.placement;

import dev.tandem.api.Level;
import dev.tandem.api.Role;
import dev.tandem.topology.facts.NodeFacts;
import dev.tandem.topology.graph.Interconnect;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A cluster while pods are being placed on it: what is free, and which pod went where. One thread.
 */
final class World {
  /** Not in any block of a level. */
  static final int NONE = -1;

  private final Interconnect interconnect;
  private final List<NodeFacts> nodes;
  private final Map<String, Integer> index = new HashMap<>();
  private final int[] free;
  private final int[][] blocks;
  private final int[] blockCounts = new int[Level.values().length];
  private final List<GroupState> groups = new ArrayList<>();

  /** What is known of one group. */
  static final class GroupState {
    private final int number;
    private final List<Pod> known = new ArrayList<>();
    private final Map<Pod, Integer> nodes = new HashMap<>();
    private boolean begun;

    private GroupState(int number, List<Pod> announced) {
      this.number = number;
      known.addAll(announced);
    }

    int number() {
      return number;
    }

    /** Members created or announced, in order. */
    List<Pod> members() {
      return Collections.unmodifiableList(known);
    }

    /** The node of a member, or null while it has none. */
    @Nullable Integer node(Pod pod) {
      return nodes.get(pod);
    }

    List<Pod> missing() {
      return known.stream().filter(pod -> !nodes.containsKey(pod)).toList();
    }

    boolean complete() {
      return nodes.size() == known.size();
    }

    boolean begun() {
      return begun;
    }

    /** Nodes of the members of a role. */
    List<Integer> nodesOf(Role role) {
      List<Integer> found = new ArrayList<>();
      for (Pod pod : known) {
        Integer node = nodes.get(pod);
        if (node != null && pod.role() == role) {
          found.add(node);
        }
      }
      return found;
    }
  }

  World(Scenario scenario, int[] used) {
    nodes = scenario.shape().nodes();
    interconnect = Interconnect.of(nodes, scenario.speeds());
    free = new int[nodes.size()];
    blocks = new int[Level.values().length][nodes.size()];
    for (int node = 0; node < free.length; node++) {
      NodeFacts facts = nodes.get(node);
      index.put(facts.name(), node);
      free[node] = facts.gpus() - used[node];
    }
    for (Level level : Level.values()) {
      number(level);
    }
    for (int group = 0; group < scenario.groups(); group++) {
      groups.add(new GroupState(group, scenario.workload().announced(group)));
    }
  }

  private void number(Level level) {
    Map<String, Integer> numbers = new HashMap<>();
    for (int node = 0; node < free.length; node++) {
      String name = nodes.get(node).block(level);
      blocks[level.ordinal()][node] =
          name == null ? NONE : numbers.computeIfAbsent(name, n -> numbers.size());
    }
    blockCounts[level.ordinal()] = numbers.size();
  }

  Interconnect interconnect() {
    return interconnect;
  }

  int size() {
    return free.length;
  }

  String name(int node) {
    return nodes.get(node).name();
  }

  int indexOf(String name) {
    Integer node = index.get(name);
    if (node == null) {
      throw new IllegalArgumentException("unknown node " + name);
    }
    return node;
  }

  int gpus(int node) {
    return nodes.get(node).gpus();
  }

  int free(int node) {
    return free[node];
  }

  int[] free() {
    return Arrays.copyOf(free, free.length);
  }

  /** The number of the block a node is in, or {@link #NONE}. */
  int block(Level level, int node) {
    return blocks[level.ordinal()][node];
  }

  int blockCount(Level level) {
    return blockCounts[level.ordinal()];
  }

  GroupState group(int number) {
    return groups.get(number);
  }

  List<GroupState> groups() {
    return Collections.unmodifiableList(groups);
  }

  /** The groups that have some members placed and wait for others. */
  List<GroupState> halfPlaced() {
    return groups.stream().filter(group -> group.begun && !group.complete()).toList();
  }

  /** A pod nobody announced is created now. */
  void created(Pod pod) {
    if (pod.late()) {
      group(pod.group()).known.add(pod);
    }
  }

  void place(Pod pod, int node) {
    if (free[node] < pod.gpus()) {
      throw new IllegalStateException(
          "pod " + pod.id() + " does not fit on " + name(node) + ": " + free[node] + " GPUs free");
    }
    free[node] -= pod.gpus();
    GroupState group = group(pod.group());
    group.nodes.put(pod, node);
    group.begun = true;
  }
}
