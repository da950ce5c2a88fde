package dev.tandem.topology.placement;

import dev.tandem.api.Level;
import dev.tandem.api.ModelFacts;
import dev.tandem.api.Role;
import dev.tandem.api.TransferCost;
import dev.tandem.topology.facts.LinkSpeeds;
import dev.tandem.topology.facts.NodeFacts;
import dev.tandem.topology.graph.Interconnect;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A cluster and groups on it, placed pod by pod as a scheduler would. One thread. */
final class Scene {
  final Planner planner = new Planner(TransferCost.defaults(), 0.05, 32);
  final Map<String, NodeFacts> nodes = new TreeMap<>();
  final Map<String, Integer> free = new TreeMap<>();
  final Map<String, Wanted> groups = new TreeMap<>();
  private @Nullable Interconnect interconnect;

  /** A group as its user asked for it. */
  static final class Wanted {
    final String name;
    final List<Member> members = new ArrayList<>();
    final List<Placed> placed = new ArrayList<>();
    final int age;
    @Nullable Level required;

    Wanted(String name, int age) {
      this.name = name;
      this.age = age;
    }

    List<Member> missing() {
      List<Member> missing = new ArrayList<>(members);
      placed.forEach(p -> missing.remove(p.member()));
      return missing;
    }

    Group group() {
      return new Group(
          name,
          name,
          age,
          placed,
          missing(),
          ModelFacts.of("llama-3-70b").transfer(6909, 8, 8),
          required);
    }

    Member member(String id) {
      return members.stream().filter(m -> m.id().equals(id)).findFirst().orElseThrow();
    }
  }

  Scene node(
      String name,
      @Nullable String nvlink,
      @Nullable String leaf,
      @Nullable String spine,
      int gpus) {
    Map<Level, String> levels = new EnumMap<>(Level.class);
    if (nvlink != null) {
      levels.put(Level.NVLINK, nvlink);
    }
    if (leaf != null) {
      levels.put(Level.LEAF, leaf);
    }
    if (spine != null) {
      levels.put(Level.SPINE, spine);
      levels.put(Level.CORE, "c0");
    }
    nodes.put(name, new NodeFacts(name, levels, gpus, null, 0, List.of()));
    free.put(name, gpus);
    return this;
  }

  /** Nodes named by number, with domains, leaves and spines of these many nodes. */
  static Scene regular(int nodes, int perDomain, int perLeaf, int perSpine) {
    Scene scene = new Scene();
    for (int i = 0; i < nodes; i++) {
      scene.node(
          "gpu-%04d".formatted(i),
          perDomain == 0 ? null : "n" + i / perDomain,
          "l" + i / perLeaf,
          "s" + i / perSpine,
          8);
    }
    return scene;
  }

  List<String> names() {
    return List.copyOf(nodes.keySet());
  }

  Scene use(String node, int gpus) {
    free.merge(node, -gpus, Integer::sum);
    return this;
  }

  Wanted group(String name, int prefill, int decode, int gpus) {
    Wanted wanted = new Wanted(name, groups.size());
    add(wanted, Role.PREFILL, prefill, gpus);
    add(wanted, Role.DECODE, decode, gpus);
    groups.put(name, wanted);
    return wanted;
  }

  static void add(Wanted wanted, Role role, int count, int gpus) {
    for (int i = 0; i < count; i++) {
      wanted.members.add(new Member(wanted.name + "-" + role.label() + "-" + i, role, gpus));
    }
  }

  Interconnect interconnect() {
    Interconnect known = interconnect;
    if (known == null) {
      known = Interconnect.of(nodes.values(), LinkSpeeds.defaults());
      interconnect = known;
    }
    return known;
  }

  /** Node names where the pod fits, as a scheduler's own filters find them. */
  List<String> feasible(Member pod) {
    return free.entrySet().stream()
        .filter(e -> e.getValue() >= pod.gpus())
        .map(Map.Entry::getKey)
        .toList();
  }

  Ranking ask(Wanted wanted, Member pod, List<String> candidates) {
    return planner.rank(
        new Cluster(interconnect(), free),
        wanted.group(),
        pod,
        candidates,
        groups.values().stream().filter(g -> g != wanted).map(Wanted::group).toList());
  }

  /** Places a pod on the best node; false if the planner refuses. */
  boolean place(Wanted wanted, Member pod) {
    return switch (ask(wanted, pod, feasible(pod))) {
      case Ranking.Ranked ranked -> {
        put(wanted, pod, ranked.best().node());
        yield true;
      }
      case Ranking.Refused refused -> false;
    };
  }

  void put(Wanted wanted, Member pod, String node) {
    wanted.placed.add(new Placed(pod, node));
    use(node, pod.gpus());
  }

  boolean placeAll(Wanted wanted) {
    boolean all = true;
    for (Member member : wanted.members) {
      all &= place(wanted, member);
    }
    return all;
  }

  /** All pods of all groups in a seeded random order, as if many clients created them at once. */
  int placeInterleaved(Random random) {
    List<Map.Entry<Wanted, Member>> pods = new ArrayList<>();
    groups.values().forEach(g -> g.members.forEach(m -> pods.add(Map.entry(g, m))));
    Collections.shuffle(pods, random);
    int placed = 0;
    for (Map.Entry<Wanted, Member> pod : pods) {
      placed += place(pod.getKey(), pod.getValue()) ? 1 : 0;
    }
    return placed;
  }

  boolean inOneDomain(Wanted wanted) {
    return wanted.placed.size() == wanted.members.size()
        && wanted.placed.stream()
                .map(p -> String.valueOf(node(p.node()).block(Level.NVLINK)))
                .distinct()
                .count()
            == 1;
  }

  private NodeFacts node(String name) {
    NodeFacts facts = nodes.get(name);
    if (facts == null) {
      throw new IllegalArgumentException(name);
    }
    return facts;
  }

  /** Cost of the complete group as it stands. */
  double cost(Wanted wanted) {
    return cost(wanted, wanted.placed);
  }

  /** Cost of the group if its members stood there. */
  double cost(Wanted wanted, List<Placed> places) {
    Blocks blocks = Blocks.of(interconnect());
    Desk desk =
        new Desk(
            blocks,
            new int[blocks.size()],
            Pairing.of(TransferCost.defaults(), LinkSpeeds.defaults(), wanted.group().transfer()),
            new int[] {0});
    for (Role role : Role.values()) {
      desk.total(
          role, (int) wanted.members.stream().filter(member -> member.role() == role).count());
    }
    for (Placed placed : places) {
      desk.anchor(placed.member().role(), blocks.indexOf(placed.node()));
    }
    return desk.cost();
  }
}
