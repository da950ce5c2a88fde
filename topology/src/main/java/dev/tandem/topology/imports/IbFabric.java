package dev.tandem.topology.imports;

import dev.tandem.api.Level;
import dev.tandem.api.Transport;
import dev.tandem.topology.facts.NameRange;
import dev.tandem.topology.facts.NodeFacts;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * An InfiniBand fabric as {@code ibnetdiscover} saw it. Leaf, spine and core are told by the
 * distance of a switch from the hosts, blocks by which switches serve the same ({@link
 * SharedBlocks}), and the bandwidth of a level is what one port has when all ports send: its own
 * rate at the leaf, above it its share of the uplinks.
 */
final class IbFabric {
  private static final List<Level> BY_DISTANCE = List.of(Level.LEAF, Level.SPINE, Level.CORE);

  /**
   * A host, or switches that serve the same.
   *
   * @param hosts the hosts in it
   * @param ports how many ports they have below it
   * @param share GB/s one of these ports gets out of it
   * @param uplinks GB/s in all to each switch one step farther from the hosts
   */
  private record Block(
      String name, List<String> hosts, double ports, double share, Map<String, Double> uplinks) {}

  private final Findings findings = new Findings();
  private final IbCables cables;
  private final Map<String, Integer> distances;
  private final Map<String, Map<Level, String>> places = new TreeMap<>();
  private final EnumMap<Level, Span> links = new EnumMap<>(Level.class);

  private IbFabric(Source source) {
    this.cables = new IbCables(source, findings);
    this.distances = cables.distances();
  }

  static Imported read(Source source) {
    IbFabric fabric = new IbFabric(source);
    List<Block> blocks = fabric.hosts();
    for (int i = 0; i < BY_DISTANCE.size() && !blocks.isEmpty(); i++) {
      blocks = fabric.climb(BY_DISTANCE.get(i), i + 1, blocks);
    }
    if (blocks.stream().anyMatch(block -> !block.uplinks().isEmpty())) {
      fabric.findings.note("switches above the core are not planned by");
    }
    List<NodeFacts> nodes = new ArrayList<>();
    fabric.places.forEach(
        (host, levels) -> nodes.add(new NodeFacts(host, levels, 0, null, 0, List.of())));
    return new Imported(nodes, fabric.links, fabric.findings.list());
  }

  private List<Block> hosts() {
    List<Block> hosts = new ArrayList<>();
    Map<String, Double> slower = new TreeMap<>();
    cables
        .ports()
        .forEach((host, switches) -> {
          places.put(host, new EnumMap<>(Level.class));
          double usual = usual(switches.values());
          Map<String, Double> uplinks = new TreeMap<>();
          switches.forEach((name, speeds) -> {
            speeds.stream()
                .filter(speed -> speed < usual)
                .forEach(speed -> slower.merge(host, speed, Math::min));
            if (distance(name) == 1) {
              uplinks.put(name, speeds.stream().mapToDouble(Double::doubleValue).sum());
            }
          });
          hosts.add(new Block(host, List.of(host), 0, usual, uplinks));
        });
    if (!slower.isEmpty()) {
      findings.note(
          "%d hosts have ports slower than their others, which count: %s"
              .formatted(slower.size(), folded(slower.keySet())));
    }
    return hosts;
  }

  /** The rate most of a host's ports have, the faster one where two are as frequent. */
  private static double usual(Collection<List<Double>> speeds) {
    Map<Double, Integer> counts = new TreeMap<>();
    speeds.forEach(some -> some.forEach(speed -> counts.merge(speed, 1, Integer::sum)));
    int most = Collections.max(counts.values());
    double usual = 0;
    for (Map.Entry<Double, Integer> entry : counts.entrySet()) {
      usual = entry.getValue() == most ? entry.getKey() : usual;
    }
    return usual;
  }

  /** Puts blocks into the blocks one step farther from the hosts; returns those. */
  private List<Block> climb(Level level, int distance, List<Block> lower) {
    Map<String, Set<String>> served = new TreeMap<>();
    lower.forEach(block ->
        block
            .uplinks()
            .keySet()
            .forEach(up -> served.computeIfAbsent(up, u -> new HashSet<>()).add(block.name())));
    if (served.isEmpty()) {
      return List.of();
    }
    Map<String, String> groups = SharedBlocks.of(served);
    Map<String, Set<String>> members = SharedBlocks.members(groups);
    Map<String, String> labels = labels(level, members);
    Map<String, List<Block>> inside = new TreeMap<>();
    Map<String, List<String>> split = new LinkedHashMap<>();
    List<String> cut = new ArrayList<>();
    for (Block block : lower) {
      Map<String, Double> shares = new TreeMap<>();
      block
          .uplinks()
          .forEach((up, speed) -> shares.merge(groups.getOrDefault(up, up), speed, Double::sum));
      if (shares.isEmpty()) {
        cut.add(block.name());
        continue;
      }
      String best =
          Collections.max(
                  shares.entrySet(),
                  Map.Entry.<String, Double>comparingByValue()
                      .thenComparing(Map.Entry.<String, Double>comparingByKey().reversed()))
              .getKey();
      if (shares.size() > 1) {
        String where =
            String.join(
                " and ",
                shares.keySet().stream().map(g -> labels.getOrDefault(g, g)).sorted().toList());
        split
            .computeIfAbsent(
                where + "; most cables go to " + labels.get(best), w -> new ArrayList<>())
            .add(block.name());
      }
      inside
          .computeIfAbsent(best, b -> new ArrayList<>())
          .add(settled(level, block, shares.getOrDefault(best, 0.0)));
    }
    split.forEach((where, names) ->
        findings.conflict(
            "%s: %s hang below %s, which counts".formatted(level.label(), folded(names), where)));
    if (!cut.isEmpty()) {
      findings.gap("%s: nothing above %s".formatted(level.label(), folded(cut)));
    }
    List<Block> upper = new ArrayList<>();
    inside.forEach((group, blocks) ->
        upper.add(
            join(
                labels.getOrDefault(group, group),
                blocks,
                members.getOrDefault(group, Set.of()),
                level,
                distance)));
    return upper;
  }

  /** The block with its bandwidth out of it to the block above, and the level's link speed. */
  private Block settled(Level level, Block block, double capacity) {
    boolean host = level == Level.LEAF;
    double ports = host ? capacity / block.share() : block.ports();
    double share = host ? block.share() : Math.min(block.share(), capacity / ports);
    links.merge(level, Span.of(share, Transport.RDMA), Span::and);
    return new Block(block.name(), block.hosts(), ports, share, block.uplinks());
  }

  private Block join(
      String label, List<Block> blocks, Set<String> switches, Level level, int distance) {
    List<String> hosts = new ArrayList<>();
    double ports = 0;
    double share = Double.POSITIVE_INFINITY;
    for (Block block : blocks) {
      hosts.addAll(block.hosts());
      ports += block.ports();
      share = Math.min(share, block.share());
    }
    hosts.forEach(
        host -> places.computeIfAbsent(host, h -> new EnumMap<>(Level.class)).put(level, label));
    Map<String, Double> uplinks = new TreeMap<>();
    for (String name : switches) {
      cables
          .trunks(name)
          .forEach((up, speed) -> {
            if (distance(up) == distance + 1) {
              uplinks.merge(up, speed, Double::sum);
            }
          });
    }
    return new Block(label, hosts, ports, share, uplinks);
  }

  /** Each block is called like the first of its switches. */
  private Map<String, String> labels(Level level, Map<String, Set<String>> members) {
    Map<String, String> labels = new TreeMap<>();
    Set<String> taken = new HashSet<>();
    members.forEach((group, switches) -> {
      List<String> names = switches.stream().map(cables::nameOf).sorted().toList();
      String name = taken.add(names.getFirst()) ? names.getFirst() : group;
      labels.put(group, name);
      if (names.size() > 1) {
        findings.note(
            "%s %s stands for %d switches that serve the same: %s"
                .formatted(level.label(), name, names.size(), folded(names)));
      }
    });
    return labels;
  }

  private int distance(String name) {
    return distances.getOrDefault(name, 0);
  }

  private static String folded(Collection<String> names) {
    return Source.shown(String.join(",", NameRange.fold(names)));
  }
}
