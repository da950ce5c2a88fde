package dev.tandem.extender.decide;

import dev.tandem.api.Level;
import dev.tandem.topology.placement.Choice;
import dev.tandem.topology.placement.Group;
import dev.tandem.topology.placement.Member;
import dev.tandem.topology.placement.Placed;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds what would have to change for a pod's group to come out better: for each nearer block the
 * fewest GPUs that would have to be free, and who holds them. Every proposal is tried out on a copy
 * of the cluster before it is told. At most {@value #MOST} are told, and {@value #TRIED} tried a
 * level.
 */
final class BetterPlaces {
  static final int MOST = 3;
  static final int TRIED = 3;
  private static final List<Level> NEAR_TO_FAR =
      List.of(Level.NVLINK, Level.LEAF, Level.SPINE, Level.CORE, Level.ZONE);
  private static final double BETTER = 1 - 1e-6;

  private final Hypothesis hypothesis;
  private final Map<String, Integer> free;
  private final Eligible eligible;
  private final Group group;
  private final @Nullable Choice best;
  private final Map<String, List<PodFacts>> holders = new HashMap<>();
  private @Nullable String tooSmall;

  BetterPlaces(
      Hypothesis hypothesis,
      Map<String, Integer> free,
      Eligible eligible,
      Group group,
      @Nullable Choice best) {
    this.hypothesis = hypothesis;
    this.free = free;
    this.eligible = eligible;
    this.group = group;
    this.best = best;
    Set<String> own = new HashSet<>();
    group.placed().forEach(placed -> own.add(placed.member().id()));
    for (PodFacts pod : hypothesis.pods()) {
      String node = pod.node();
      if (node != null && pod.holdsGpus() && pod.gpus() > 0 && !own.contains(pod.uid())) {
        holders.computeIfAbsent(node, n -> new ArrayList<>()).add(pod);
      }
    }
    for (Expected e : hypothesis.expected()) {
      if (e.pod().gpus() > 0 && !own.contains(e.pod().uid())) {
        holders.computeIfAbsent(e.node(), n -> new ArrayList<>()).add(e.pod());
      }
    }
  }

  /** What would have to change, most helpful first. */
  List<Explanation.Change> find() {
    List<Explanation.Change> changes = new ArrayList<>();
    for (Level level : NEAR_TO_FAR) {
      if (!nearer(level) || changes.size() >= MOST) {
        continue;
      }
      List<Shortfall> shortfalls = shortfalls(level);
      shortfalls.sort(Shortfall.LEAST_FIRST);
      for (Shortfall one : shortfalls.subList(0, Math.min(TRIED, shortfalls.size()))) {
        Explanation.Change change = tried(one);
        if (change != null && changes.size() < MOST) {
          changes.add(change);
        }
      }
    }
    changes.sort(
        Comparator.comparingDouble((Explanation.Change c) -> c.then().seconds())
            .thenComparingInt(Explanation.Change::missing));
    return changes;
  }

  /** Why a nearer block was ruled out for its size, or null. */
  @Nullable String tooSmall() {
    return tooSmall;
  }

  private boolean nearer(Level level) {
    if (group.required() != null && best == null) {
      return level == group.required();
    }
    Level shared = best == null ? null : best.shared();
    if (best == null || shared == null) {
      return true;
    }
    return best.comfortable()
        ? level.ordinal() > shared.ordinal()
        : level.ordinal() >= shared.ordinal();
  }

  private List<Shortfall> shortfalls(Level level) {
    Map<String, List<NodeState>> blocks = new TreeMap<>();
    for (List<NodeState> some : List.of(eligible.nodes(), eligible.full(), eligible.shut())) {
      for (NodeState node : some) {
        String block = node.facts().block(level);
        if (block != null) {
          blocks.computeIfAbsent(block, b -> new ArrayList<>()).add(node);
        }
      }
    }
    List<Shortfall> shortfalls = new ArrayList<>();
    int largest = 0;
    for (Map.Entry<String, List<NodeState>> block : blocks.entrySet()) {
      Shortfall shortfall = shortfall(level, block.getKey(), block.getValue());
      if (shortfall != null) {
        shortfalls.add(shortfall);
      }
      largest = Math.max(largest, block.getValue().stream().mapToInt(n -> n.facts().gpus()).sum());
    }
    int wanted =
        group.missing().stream().mapToInt(Member::gpus).sum()
            + group.placed().stream().mapToInt(placed -> placed.member().gpus()).sum();
    if (shortfalls.isEmpty() && !blocks.isEmpty() && tooSmall == null) {
      tooSmall =
          "no %s block has room for the whole group even when it is empty: %d GPUs are wanted, the largest has %d"
              .formatted(level.label(), wanted, largest);
    }
    return shortfalls;
  }

  /** What a block lacks, or null if it could not hold the missing members at all. */
  private @Nullable Shortfall shortfall(Level level, String block, List<NodeState> nodes) {
    Map<String, Integer> left = new HashMap<>();
    Set<String> names = new HashSet<>();
    nodes.forEach(node -> {
      names.add(node.facts().name());
      left.put(node.facts().name(), node.open() ? free.getOrDefault(node.facts().name(), 0) : 0);
    });
    int inside = (int) group.placed().stream().map(Placed::node).filter(names::contains).count();
    List<Integer> needs =
        group.missing().stream().map(Member::gpus).sorted(Comparator.reverseOrder()).toList();
    List<PodFacts> gone = new ArrayList<>();
    List<NodeState> opened = new ArrayList<>();
    int missing = 0;
    for (int need : needs) {
      String fits = tightest(left, need);
      if (fits == null) {
        Release release = cheapest(nodes, left, need, gone, opened);
        if (release == null) {
          return null;
        }
        missing += release.missing();
        gone.addAll(release.gone());
        if (release.opened()) {
          opened.add(release.node());
        }
        fits = release.node().facts().name();
        left.put(fits, release.left());
      }
      left.merge(fits, -need, Integer::sum);
    }
    return new Shortfall(level, block, group.placed().size() - inside, missing, gone, opened);
  }

  private static @Nullable String tightest(Map<String, Integer> left, int need) {
    String best = null;
    int bestLeft = Integer.MAX_VALUE;
    for (Map.Entry<String, Integer> node : left.entrySet()) {
      int room = node.getValue();
      boolean earlier = best != null && room == bestLeft && node.getKey().compareTo(best) < 0;
      if (room >= need && (room < bestLeft || earlier)) {
        best = node.getKey();
        bestLeft = room;
      }
    }
    return best;
  }

  /** Pods to go, or a node to open, so that one more pod fits on it. */
  private record Release(
      NodeState node, boolean opened, List<PodFacts> gone, int missing, int left) {}

  private @Nullable Release cheapest(
      List<NodeState> nodes,
      Map<String, Integer> left,
      int need,
      List<PodFacts> already,
      List<NodeState> opened) {
    Release best = null;
    for (NodeState node : nodes) {
      Release release =
          release(node, left.getOrDefault(node.facts().name(), 0), need, already, opened);
      if (release != null
          && (best == null
              || release.missing() < best.missing()
              || (release.missing() == best.missing()
                  && release.gone().size() < best.gone().size()))) {
        best = release;
      }
    }
    return best;
  }

  private @Nullable Release release(
      NodeState node, int left, int need, List<PodFacts> already, List<NodeState> opened) {
    String name = node.facts().name();
    boolean opening = !node.open() && !opened.contains(node);
    int room = opening ? free.getOrDefault(name, 0) : left;
    int short_ = need - room;
    List<PodFacts> pods = new ArrayList<>(holders.getOrDefault(name, List.of()));
    pods.removeAll(already);
    pods.sort(Comparator.comparingInt(PodFacts::gpus).thenComparing(PodFacts::key));
    List<PodFacts> gone = new ArrayList<>();
    while (short_ > 0 && !pods.isEmpty()) {
      PodFacts next = pods.getLast();
      for (PodFacts pod : pods) {
        if (pod.gpus() >= short_) {
          next = pod;
          break;
        }
      }
      pods.remove(next);
      gone.add(next);
      room += next.gpus();
      short_ -= next.gpus();
    }
    return short_ > 0
        ? null
        : new Release(node, opening, gone, Math.max(0, need - (opening ? 0 : left)), room);
  }

  private Explanation.@Nullable Change tried(Shortfall one) {
    Set<String> names = new HashSet<>(eligible.names());
    one.opened().forEach(node -> names.add(node.facts().name()));
    eligible.full().stream()
        .map(node -> node.facts().name())
        .filter(name -> one.gone().stream().anyMatch(pod -> name.equals(where(pod))))
        .forEach(names::add);
    Choice then =
        hypothesis.askWithout(one.gone(), one.opened(), names.stream().sorted().toList()).best();
    if (then == null || !better(then)) {
      return null;
    }
    return new Explanation.Change(
        one.level(),
        one.block(),
        one.missing(),
        one.gone().stream().map(this::holder).toList(),
        one.opened().stream().map(node -> node.facts().name()).toList(),
        Explainer.place(then));
  }

  private boolean better(Choice then) {
    if (best == null) {
      return true;
    }
    if (then.comfortable() != best.comfortable()) {
      return then.comfortable();
    }
    if (then.seconds() < best.seconds() * BETTER) {
      return true;
    }
    // of two places of one cost the planner takes the nearer: a prediction is a model, near a fact
    return then.seconds() <= best.seconds() / BETTER && near(then) > near(best);
  }

  private static int near(Choice choice) {
    Level shared = choice.shared();
    return shared == null ? -1 : shared.ordinal();
  }

  private Explanation.Holder holder(PodFacts pod) {
    PodFacts.Ask ask = pod.ask();
    return new Explanation.Holder(
        pod.key(), ask == null ? null : ask.group(), where(pod), pod.gpus(), pod.node() == null);
  }

  private String where(PodFacts pod) {
    String node = pod.node();
    if (node != null) {
      return node;
    }
    return hypothesis.expected().stream()
        .filter(e -> e.pod().uid().equals(pod.uid()))
        .map(Expected::node)
        .findFirst()
        .orElse("");
  }

  /**
   * What a block lacks for the whole rest of the group.
   *
   * @param outside members that are elsewhere already
   * @param missing free GPUs that are missing
   * @param gone pods that would have to go
   * @param opened nodes that would have to take pods
   */
  private record Shortfall(
      Level level,
      String block,
      int outside,
      int missing,
      List<PodFacts> gone,
      List<NodeState> opened) {
    static final Comparator<Shortfall> LEAST_FIRST =
        Comparator.comparingInt(Shortfall::outside)
            .thenComparingInt(Shortfall::missing)
            .thenComparingInt(s -> s.gone().size())
            .thenComparing(Shortfall::block);
  }
}
