package dev.tandem.simulator.placement;

import dev.tandem.api.Level;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * The best of all placements of all groups: most groups complete, then the least sum of predicted
 * transfers. Exhaustive, so only for small clusters.
 *
 * <p>Groups are alike, so after each of them only what is left free matters; of all ways to the
 * same free GPUs the cheapest is kept. Nodes in the same blocks are interchangeable: only their
 * sorted free GPUs are told apart. Groups that cannot be completed are left out, and their pods are
 * put where they fit at the end. Plans everything before the first pod; late pods are not planned.
 */
final class Optimum implements Placer {
  /** Largest cluster it is asked about. */
  static final int MOST_NODES = 12;

  /** Most placements of one group it weighs in all: some seconds. */
  static final long MOST_PLACEMENTS = 20_000_000;

  private final World world;
  private final Links links;
  private final Workload workload;
  private final int[] classOf;
  private final Map<Pod, Integer> plan = new HashMap<>();
  private long weighed;

  /** Pods of both kinds a group puts on one node. */
  private record Share(int node, int from, int to) {}

  /** The cheapest way to a state: the state before, and the shares of the group placed last. */
  private record Way(
      List<Integer> free, double seconds, @Nullable Way before, List<Share> shares) {}

  Optimum(Scenario scenario, World world) {
    accept(scenario);
    this.world = world;
    this.workload = scenario.workload();
    this.links = new Links(world, scenario);
    this.classOf = classes(world);
    plan(scenario.groups());
  }

  static void accept(Scenario scenario) {
    int nodes = scenario.shape().nodes().size();
    if (nodes > MOST_NODES) {
      throw new IllegalArgumentException(
          "policy optimum tries every placement: "
              + nodes
              + " nodes; accepted: at most "
              + MOST_NODES
              + ", e.g. --cluster small-tree or --nodes 12");
    }
    if (scenario.workload().late() > 0) {
      throw new IllegalArgumentException(
          "policy optimum plans all pods at once; accepted: a workload without pods added later");
    }
  }

  @Override
  public OptionalInt place(Pod pod) {
    Integer node = plan.get(pod);
    return node == null ? OptionalInt.empty() : OptionalInt.of(node);
  }

  private static int[] classes(World world) {
    Map<List<Integer>, Integer> numbers = new HashMap<>();
    int[] classes = new int[world.size()];
    for (int node = 0; node < classes.length; node++) {
      List<Integer> blocks = new ArrayList<>();
      for (Level level : Level.values()) {
        if (level != Level.NODE) {
          blocks.add(world.block(level, node));
        }
      }
      blocks.add(world.gpus(node));
      classes[node] = numbers.computeIfAbsent(blocks, b -> numbers.size());
    }
    return classes;
  }

  private void plan(int groups) {
    List<Integer> free = Arrays.stream(world.free()).boxed().toList();
    List<Integer> start = canonical(free);
    Map<List<Integer>, Way> ways = new HashMap<>(Map.of(start, new Way(start, 0, null, List.of())));
    int placed = 0;
    while (placed < groups) {
      Map<List<Integer>, Way> next = new HashMap<>();
      ways.values().forEach(way -> extend(way, next));
      if (next.isEmpty()) {
        break;
      }
      ways = next;
      placed++;
    }
    Way best =
        ways.values().stream()
            .min(
                Comparator.comparingDouble(Way::seconds)
                    .thenComparing(way -> way.free().toString()))
            .orElseThrow();
    assign(best, free, placed);
  }

  /** Free GPUs with those of interchangeable nodes sorted. */
  private List<Integer> canonical(List<Integer> free) {
    Integer[] sorted = new Integer[free.size()];
    for (int c = 0; c < free.size(); c++) {
      int number = c;
      List<Integer> nodes = new ArrayList<>();
      for (int node = 0; node < free.size(); node++) {
        if (classOf[node] == number) {
          nodes.add(node);
        }
      }
      List<Integer> values = nodes.stream().map(free::get).sorted().toList();
      for (int i = 0; i < nodes.size(); i++) {
        sorted[nodes.get(i)] = values.get(i);
      }
    }
    return List.of(sorted);
  }

  private void extend(Way way, Map<List<Integer>, Way> next) {
    share(way, next, new ArrayList<>(), 0, workload.prefill(), workload.decode());
  }

  private void share(
      Way way, Map<List<Integer>, Way> next, List<Share> shares, int node, int from, int to) {
    if (from == 0 && to == 0) {
      weigh(way, next, shares);
      return;
    }
    if (node == world.size()) {
      return;
    }
    int free = way.free().get(node);
    for (int f = from; f >= 0; f--) {
      for (int t = to; t >= 0; t--) {
        if (f * workload.prefillGpus() + t * workload.decodeGpus() > free
            || afterTwin(way.free(), shares, node, f, t)) {
          continue;
        }
        shares.add(new Share(node, f, t));
        share(way, next, shares, node + 1, from - f, to - t);
        shares.removeLast();
      }
    }
  }

  /** Whether the node before is its twin and took less: the same placement is tried swapped. */
  private boolean afterTwin(List<Integer> free, List<Share> shares, int node, int from, int to) {
    for (int before = node - 1; before >= 0; before--) {
      if (classOf[before] == classOf[node] && free.get(before).equals(free.get(node))) {
        Share twin = shares.get(before);
        return twin.from() < from || (twin.from() == from && twin.to() < to);
      }
    }
    return false;
  }

  private void weigh(Way way, Map<List<Integer>, Way> next, List<Share> shares) {
    if (++weighed > MOST_PLACEMENTS) {
      throw new IllegalArgumentException(
          "policy optimum would weigh more than "
              + MOST_PLACEMENTS
              + " placements; accepted: fewer groups, fewer pods a group or fewer nodes");
    }
    List<Integer> free = new ArrayList<>(way.free());
    List<Integer> from = new ArrayList<>();
    List<Integer> to = new ArrayList<>();
    List<Share> taken = new ArrayList<>();
    for (Share share : shares) {
      if (share.from() + share.to() == 0) {
        continue;
      }
      taken.add(share);
      free.set(
          share.node(),
          free.get(share.node())
              - share.from() * workload.prefillGpus()
              - share.to() * workload.decodeGpus());
      for (int i = 0; i < share.from(); i++) {
        from.add(share.node());
      }
      for (int i = 0; i < share.to(); i++) {
        to.add(share.node());
      }
    }
    double seconds = way.seconds() + (from.isEmpty() || to.isEmpty() ? 0 : links.seconds(from, to));
    List<Integer> key = canonical(free);
    Way known = next.get(key);
    if (known == null || seconds < known.seconds()) {
      next.put(key, new Way(key, seconds, way, taken));
    }
  }

  /** Follows the ways back and gives every planned share nodes that really have that much free. */
  private void assign(Way last, List<Integer> realFree, int groups) {
    List<Way> order = new ArrayList<>();
    for (Way way = last; way.before() != null; way = Objects.requireNonNull(way.before())) {
      order.addFirst(way);
    }
    List<Integer> free = new ArrayList<>(realFree);
    for (int group = 0; group < groups; group++) {
      Map<Integer, Integer> real = new LinkedHashMap<>();
      Way way = order.get(group);
      List<Integer> before = Objects.requireNonNull(way.before()).free();
      List<Integer> from = new ArrayList<>();
      List<Integer> to = new ArrayList<>();
      for (Share share : way.shares()) {
        int node = realNode(share.node(), before.get(share.node()), free, real);
        real.put(node, share.from() * workload.prefillGpus() + share.to() * workload.decodeGpus());
        for (int i = 0; i < share.from(); i++) {
          from.add(node);
        }
        for (int i = 0; i < share.to(); i++) {
          to.add(node);
        }
      }
      real.forEach((node, gpus) -> free.set(node, free.get(node) - gpus));
      for (Pod pod : world.group(group).members()) {
        plan.put(pod, (pod.role() == workload.pairs().from() ? from : to).removeFirst());
      }
    }
    for (World.GroupState group : world.groups().subList(groups, world.groups().size())) {
      for (Pod pod : group.members()) {
        for (int node = 0; node < free.size() && !plan.containsKey(pod); node++) {
          if (free.get(node) >= pod.gpus()) {
            free.set(node, free.get(node) - pod.gpus());
            plan.put(pod, node);
          }
        }
      }
    }
  }

  private int realNode(int twin, int gpus, List<Integer> free, Map<Integer, Integer> taken) {
    for (int node = 0; node < free.size(); node++) {
      if (classOf[node] == classOf[twin] && free.get(node) == gpus && !taken.containsKey(node)) {
        return node;
      }
    }
    throw new IllegalStateException("no node like " + world.name(twin) + " has " + gpus + " free");
  }
}
