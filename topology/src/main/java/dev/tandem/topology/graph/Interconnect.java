package dev.tandem.topology.graph;

import dev.tandem.api.Level;
import dev.tandem.api.LocalityPath;
import dev.tandem.topology.facts.LinkSpeeds;
import dev.tandem.topology.facts.NodeFacts;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jgrapht.Graph;
import org.jgrapht.graph.AsSubgraph;
import org.jgrapht.graph.AsUnmodifiableGraph;
import org.jgrapht.graph.SimpleGraph;
import org.jspecify.annotations.Nullable;

/**
 * How the nodes of a cluster are joined: one immutable value a generation, built whole, shared
 * read-only by every thread and swapped whole when a node changes.
 */
public final class Interconnect {
  /** The switched fabric from a node upwards; NVLink is a plane of its own beside it. */
  private static final List<Level> FABRIC =
      List.of(Level.LEAF, Level.SPINE, Level.CORE, Level.ZONE);

  private static final List<Level> FAR_TO_NEAR =
      List.of(Level.ZONE, Level.CORE, Level.SPINE, Level.LEAF, Level.NVLINK, Level.NODE);

  private final long generation;
  private final LinkSpeeds speeds;
  private final NavigableMap<String, NodeFacts> nodes;
  private final Graph<Vertex, Wire> graph;
  private volatile @Nullable FabricTree fabric;
  private final List<String> problems;

  private Interconnect(long generation, Collection<NodeFacts> facts, LinkSpeeds speeds) {
    this.generation = generation;
    this.speeds = speeds;
    TreeMap<String, NodeFacts> byName = new TreeMap<>();
    for (NodeFacts node : facts) {
      if (byName.put(node.name(), node) != null) {
        throw new IllegalArgumentException("node " + node.name() + " is named twice");
      }
    }
    this.nodes = Collections.unmodifiableNavigableMap(byName);
    List<String> found = new ArrayList<>();
    this.graph = new AsUnmodifiableGraph<>(draw(byName.values(), speeds, found));
    this.problems = List.copyOf(found);
  }

  /**
   * The interconnect of these nodes, generation 0.
   *
   * @throws IllegalArgumentException if two nodes have the same name
   */
  public static Interconnect of(Collection<NodeFacts> nodes, LinkSpeeds speeds) {
    return new Interconnect(0, nodes, speeds);
  }

  /** The next generation: these nodes with the same link speeds. */
  public Interconnect next(Collection<NodeFacts> changed) {
    return new Interconnect(generation + 1, changed, speeds);
  }

  /** The next generation: these nodes with other link speeds. */
  public Interconnect next(Collection<NodeFacts> changed, LinkSpeeds others) {
    return new Interconnect(generation + 1, changed, others);
  }

  /** Counts the interconnects this one descends from. */
  public long generation() {
    return generation;
  }

  /** Facts by node name, sorted. */
  public NavigableMap<String, NodeFacts> nodes() {
    return nodes;
  }

  /** The link speeds it was built with. */
  public LinkSpeeds speeds() {
    return speeds;
  }

  /** Nodes, switches and domains, with the wires between them; unmodifiable. */
  public Graph<Vertex, Wire> graph() {
    return graph;
  }

  /** Gaps and conflicts, each naming its node; empty when every label agrees. */
  public List<String> problems() {
    return problems;
  }

  /** Whether {@code node} is known. */
  public boolean knows(String node) {
    return nodes.containsKey(node);
  }

  /**
   * Where a node is, from far to near, for the {@code locality} annotation.
   *
   * @throws IllegalArgumentException if the node is unknown
   */
  public LocalityPath locality(String node) {
    NodeFacts facts = node(node);
    List<LocalityPath.Step> steps = new ArrayList<>();
    for (Level level : FAR_TO_NEAR) {
      String block = facts.block(level);
      if (block != null) {
        LinkSpeeds.Link link = speeds.link(level);
        steps.add(
            new LocalityPath.Step(
                level.label(), block, link.bandwidthGigabytesPerSecond(), link.transport()));
      }
    }
    return new LocalityPath(steps);
  }

  /**
   * Widest bottleneck bandwidth between two nodes in GB/s, one way: of the NVLink domain they
   * share, else of the best path through the fabric. 0 where nothing known joins them; on one node
   * the larger of NVLink and PCIe.
   *
   * @throws IllegalArgumentException if a node is unknown
   */
  public double bottleneckGigabytesPerSecond(String a, String b) {
    NodeFacts left = node(a);
    NodeFacts right = node(b);
    String domain = left.block(Level.NVLINK);
    double nvlink =
        domain != null && domain.equals(right.block(Level.NVLINK))
            ? speeds.link(Level.NVLINK).bandwidthGigabytesPerSecond()
            : 0;
    if (a.equals(b)) {
      return Math.max(nvlink, speeds.link(Level.NODE).bandwidthGigabytesPerSecond());
    }
    return Math.max(
        nvlink,
        fabric()
            .bottleneckGigabytesPerSecond(new Vertex(Level.NODE, a), new Vertex(Level.NODE, b)));
  }

  /** Made when somebody asks, since placement never does; two threads may both make it, alike. */
  private FabricTree fabric() {
    FabricTree known = fabric;
    if (known == null) {
      known =
          new FabricTree(
              new AsSubgraph<>(
                  graph,
                  graph.vertexSet().stream()
                      .filter(v -> v.level() != Level.NVLINK)
                      .collect(Collectors.toSet())));
      fabric = known;
    }
    return known;
  }

  private NodeFacts node(String name) {
    @Nullable NodeFacts facts = nodes.get(name);
    if (facts == null) {
      throw new IllegalArgumentException("unknown node: " + name);
    }
    return facts;
  }

  private static Graph<Vertex, Wire> draw(
      Collection<NodeFacts> nodes, LinkSpeeds speeds, List<String> problems) {
    Graph<Vertex, Wire> graph = new SimpleGraph<>(Wire.class);
    Map<Vertex, Vertex> above =
        new TreeMap<>(Comparator.comparing(Vertex::level).thenComparing(Vertex::name));
    for (NodeFacts node : nodes) {
      node.problems().forEach(problem -> problems.add(node.name() + ": " + problem));
      Vertex vertex = new Vertex(Level.NODE, node.name());
      graph.addVertex(vertex);
      String domain = node.block(Level.NVLINK);
      if (domain != null) {
        connect(graph, vertex, new Vertex(Level.NVLINK, domain), speeds);
      }
      Vertex below = vertex;
      for (Level level : FABRIC) {
        String block = node.block(level);
        if (block == null) {
          continue;
        }
        Vertex up = new Vertex(level, block);
        connect(graph, below, up, speeds);
        Vertex known = above.putIfAbsent(below, up);
        if (known != null && !known.equals(up) && below.level() != Level.NODE) {
          problems.add(node.name() + ": " + below + " is below " + known + " and below " + up);
        }
        below = up;
      }
    }
    return graph;
  }

  private static void connect(
      Graph<Vertex, Wire> graph, Vertex below, Vertex above, LinkSpeeds speeds) {
    LinkSpeeds.Link link = speeds.link(above.level());
    graph.addVertex(above);
    graph.addEdge(
        below, above, new Wire(below, above, link.bandwidthGigabytesPerSecond(), link.transport()));
  }
}
