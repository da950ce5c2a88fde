package dev.tandem.topology.graph;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jgrapht.Graph;
import org.jgrapht.alg.spanning.KruskalMinimumSpanningTree;
import org.jgrapht.graph.AsWeightedGraph;
import org.jspecify.annotations.Nullable;

/**
 * The maximum spanning forest of the switched fabric, rooted, so that the bottleneck between two
 * nodes is read off the two ways up. Immutable.
 *
 * <p>On a maximum spanning tree the path between two vertices has the widest bottleneck of all
 * their paths (Hu 1961). NVLink domains are left out on purpose: a node does not forward, so a
 * domain must not look like a bridge between two leaves.
 */
final class FabricTree {
  private record Parent(Vertex above, double bandwidthGigabytesPerSecond, int depth) {}

  private final Map<Vertex, Parent> parents = new HashMap<>();

  FabricTree(Graph<Vertex, Wire> fabric) {
    Graph<Vertex, Wire> negated =
        new AsWeightedGraph<>(fabric, wire -> -wire.bandwidthGigabytesPerSecond(), false, false);
    Map<Vertex, List<Wire>> tree = new HashMap<>();
    for (Wire wire : new KruskalMinimumSpanningTree<>(negated).getSpanningTree()) {
      tree.computeIfAbsent(wire.below(), v -> new ArrayList<>()).add(wire);
      tree.computeIfAbsent(wire.above(), v -> new ArrayList<>()).add(wire);
    }
    fabric.vertexSet().stream()
        .sorted(Comparator.comparing(Vertex::level).thenComparing(Vertex::name))
        .forEach(root -> hang(root, tree));
  }

  private void hang(Vertex root, Map<Vertex, List<Wire>> tree) {
    if (parents.containsKey(root)) {
      return;
    }
    parents.put(root, new Parent(root, Double.POSITIVE_INFINITY, 0));
    ArrayDeque<Vertex> queue = new ArrayDeque<>(List.of(root));
    while (!queue.isEmpty()) {
      Vertex vertex = queue.remove();
      int depth = parent(vertex).depth();
      for (Wire wire : tree.getOrDefault(vertex, List.of())) {
        Vertex other = wire.below().equals(vertex) ? wire.above() : wire.below();
        if (!parents.containsKey(other)) {
          parents.put(other, new Parent(vertex, wire.bandwidthGigabytesPerSecond(), depth + 1));
          queue.add(other);
        }
      }
    }
  }

  /** Widest bottleneck between two vertices in GB/s; 0 where no path joins them. */
  double bottleneckGigabytesPerSecond(Vertex a, Vertex b) {
    double narrowest = Double.POSITIVE_INFINITY;
    Vertex left = a;
    Vertex right = b;
    while (!left.equals(right)) {
      Parent up = parent(left);
      Parent upRight = parent(right);
      if (up.depth() == 0 && upRight.depth() == 0) {
        return 0;
      }
      if (up.depth() >= upRight.depth()) {
        narrowest = Math.min(narrowest, up.bandwidthGigabytesPerSecond());
        left = up.above();
      } else {
        narrowest = Math.min(narrowest, upRight.bandwidthGigabytesPerSecond());
        right = upRight.above();
      }
    }
    return narrowest;
  }

  private Parent parent(Vertex vertex) {
    @Nullable Parent parent = parents.get(vertex);
    if (parent == null) {
      throw new IllegalArgumentException("not in the fabric: " + vertex);
    }
    return parent;
  }
}
