package dev.tandem.extender.decide;

import dev.tandem.api.Level;
import dev.tandem.api.Role;
import dev.tandem.api.TransferCost;
import dev.tandem.topology.graph.Interconnect;
import dev.tandem.topology.placement.Choice;
import dev.tandem.topology.placement.Cluster;
import dev.tandem.topology.placement.Group;
import dev.tandem.topology.placement.Member;
import dev.tandem.topology.placement.Planner;
import dev.tandem.topology.placement.Ranking;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Answers filter and prioritize.
 *
 * <p>Decisions are made one at a time, so that each sees where the one before expects its pod to
 * go; kube-scheduler asks one by one anyway. Nothing is written anywhere: what-if questions leave
 * only an {@link Expectations expectation} that runs out.
 */
public final class Decider {
  /** Best score of the wire contract. */
  static final int MAX_SCORE = 10;

  private final ClusterPicture picture;
  private final Planner planner;
  private final Expectations expectations;
  private final Journal journal;
  private final Limits limits;
  private final Clock clock;
  private final ReentrantLock one = new ReentrantLock();

  /**
   * Bounds of what is remembered.
   *
   * @param shortList most nodes a filter answers with
   * @param noise places within this share of the best cost are offered too
   * @param expectation how long a pod is expected where it was sent
   * @param announcement how long after its newest pod a group keeps places for members that were
   *     announced but do not exist
   * @param mostExpected most pods expected at one time
   */
  public record Limits(
      int shortList, double noise, Duration expectation, Duration announcement, int mostExpected) {

    /** The defaults, each argued at its flag in the extender's configuration. */
    public static Limits defaults() {
      return new Limits(32, 0.05, Duration.ofSeconds(15), Duration.ofSeconds(60), 10_000);
    }
  }

  public Decider(ClusterPicture picture, Journal journal, Limits limits, Clock clock) {
    this.picture = picture;
    this.journal = journal;
    this.limits = limits;
    this.clock = clock;
    this.planner = new Planner(TransferCost.defaults(), limits.noise(), limits.shortList());
    this.expectations = new Expectations(limits.expectation(), limits.mostExpected(), clock);
  }

  /** Picks the nodes a pod may go to. */
  public Decision filter(PodFacts pod, List<String> candidates) {
    if (pod.ask() == null) {
      return new Decision.PassedThrough();
    }
    one.lock();
    try {
      Decision decision = decide(pod, candidates);
      record(pod, candidates.size(), decision);
      return decision;
    } finally {
      one.unlock();
    }
  }

  /**
   * Scores of 0 to {@value #MAX_SCORE}. The best node alone has the highest, so that the
   * scheduler's own scores cannot pick another one than the plan counts on.
   */
  public Map<String, Integer> prioritize(PodFacts pod, List<String> candidates) {
    Map<String, Integer> scores = new LinkedHashMap<>();
    candidates.forEach(node -> scores.put(node, 0));
    if (pod.ask() == null) {
      return scores;
    }
    one.lock();
    try {
      if (decide(pod, candidates) instanceof Decision.Chosen chosen) {
        score(chosen.choices(), scores);
        expectations.expect(pod, chosen.choices().getFirst().node());
      }
    } finally {
      one.unlock();
    }
    return scores;
  }

  /** The watch has shown the pod on a node, finished or gone. */
  public void settled(String uid) {
    expectations.settled(uid);
  }

  /** How many pods are expected somewhere. */
  public int expected() {
    return expectations.size();
  }

  /** Our pods that have a node, with the reason they were sent there. */
  public List<Placement> placements() {
    ClusterPicture.Snapshot snapshot = picture.snapshot(List.of());
    Map<String, Double> seconds = new HashMap<>();
    List<Placement> placements = new ArrayList<>();
    for (PodFacts pod : picture.ours()) {
      String node = pod.node();
      if (node == null || !pod.member()) {
        continue;
      }
      String key = pod.groupKey();
      double transfer =
          key == null ? 0 : seconds.computeIfAbsent(key, k -> transferSeconds(snapshot, k));
      placements.add(placement(pod, node, transfer, snapshot.interconnect()));
    }
    placements.sort(Comparator.comparing(Placement::pod));
    return placements;
  }

  private Placement placement(
      PodFacts pod, String node, double seconds, Interconnect interconnect) {
    Journal.Entry entry = journal.chosen(pod.key(), pod.uid());
    String reason;
    if (entry == null) {
      reason = "not placed by this extender";
    } else if (node.equals(entry.node())) {
      reason = entry.reason();
    } else {
      reason = "the scheduler chose it over " + entry.node() + ": " + entry.reason();
    }
    PodFacts.Ask ask = pod.ask();
    return new Placement(
        pod.key(),
        ask == null ? null : ask.group(),
        ask == null ? Role.BOTH : ask.role(),
        node,
        interconnect.knows(node) ? interconnect.locality(node).toString() : null,
        reason,
        seconds * 1e3);
  }

  /**
   * One placed pod.
   *
   * @param pod namespace/name
   * @param group its group, or null
   * @param role its role
   * @param node where it is
   * @param locality the node's locality path, or null if the node is unknown
   * @param reason why it was sent there
   * @param predictedTransferMillis KV transfer of a reference prompt, mean over the group's pairs
   */
  public record Placement(
      String pod,
      @Nullable String group,
      Role role,
      String node,
      @Nullable String locality,
      String reason,
      double predictedTransferMillis) {}

  private double transferSeconds(ClusterPicture.Snapshot snapshot, String key) {
    List<PodFacts> members =
        snapshot.groups().getOrDefault(key, List.of()).stream().filter(PodFacts::member).toList();
    if (members.isEmpty()) {
      return 0;
    }
    Map<String, String> nodes = new HashMap<>();
    members.forEach(member -> {
      if (member.node() != null) {
        nodes.put(member.uid(), member.node());
      }
    });
    return planner.seconds(
        snapshot.interconnect(), new Groups(key, members, nodes, false).group(0));
  }

  private Decision decide(PodFacts pod, List<String> candidates) {
    List<Expectations.Expected> expected = expectations.current();
    ClusterPicture.Snapshot snapshot =
        picture.snapshot(expected.stream().map(e -> e.pod().uid()).toList());
    List<Expectations.Expected> open =
        expected.stream()
            .filter(e -> !e.pod().uid().equals(pod.uid()))
            .filter(e -> !snapshot.settled().contains(e.pod().uid()))
            .toList();
    Map<String, String> dropped = new LinkedHashMap<>();
    List<String> known = new ArrayList<>(candidates.size());
    for (String candidate : candidates) {
      if (snapshot.interconnect().knows(candidate)) {
        known.add(candidate);
      } else {
        dropped.put(candidate, "node is not known to the extender's watch");
      }
    }
    if (known.isEmpty()) {
      return new Decision.Refused(
          candidates.isEmpty()
              ? "no candidate node was offered"
              : "none of the " + candidates.size() + " candidate nodes is known to the node watch",
          dropped);
    }
    return switch (rank(snapshot, pod, known, open)) {
      case Ranking.Ranked(List<Choice> choices) -> new Decision.Chosen(choices, dropped);
      case Ranking.Refused(String reason) -> new Decision.Refused(reason, dropped);
    };
  }

  private Ranking rank(
      ClusterPicture.Snapshot snapshot,
      PodFacts pod,
      List<String> candidates,
      List<Expectations.Expected> expected) {
    Cluster cluster = cluster(snapshot, pod, candidates, expected);
    List<Group> others = others(snapshot, pod, expected);
    Member member = Groups.member(pod);
    String key = pod.groupKey();
    if (key == null) {
      return planner.rank(cluster, Group.alone(member), member, candidates, others);
    }
    Groups groups = groups(snapshot, key, pod, expected);
    if (!groups.hasUnseenRole()) {
      return planner.rank(cluster, groups.group(pod.gpus()), member, candidates, others);
    }
    return guessing(groups, pod, size -> planner.rank(cluster, size, member, candidates, others));
  }

  /**
   * The first pod of a group may come before any pod of another role shows how large those are. The
   * largest size with which the group is whole in one domain is taken: if they turn out smaller it
   * still is whole.
   */
  private Ranking guessing(Groups groups, PodFacts pod, Function<Group, Ranking> rank) {
    for (int size : Groups.assumptions(pod.gpus(), largestNode())) {
      Ranking ranking = rank.apply(groups.group(size));
      if (ranking instanceof Ranking.Ranked ranked
          && ranked.best().comfortable()
          && (ranked.best().shared() == Level.NVLINK || ranked.best().shared() == Level.NODE)) {
        return ranking;
      }
    }
    return rank.apply(groups.group(pod.gpus()));
  }

  private int largestNode() {
    return picture.interconnect().nodes().values().stream()
        .mapToInt(facts -> facts.gpus())
        .max()
        .orElse(1);
  }

  private static Cluster cluster(
      ClusterPicture.Snapshot snapshot,
      PodFacts pod,
      Collection<String> candidates,
      List<Expectations.Expected> expected) {
    Map<String, Integer> used = snapshot.used();
    expected.forEach(e -> used.merge(e.node(), e.pod().gpus(), Integer::sum));
    Set<String> offered = new HashSet<>(candidates);
    Map<String, Integer> free = new HashMap<>(snapshot.nodes().size() * 2);
    for (NodeState node : snapshot.nodes()) {
      String name = node.facts().name();
      boolean usable =
          node.open()
              && !node.tainted()
              && node.labels().entrySet().containsAll(pod.nodeSelector().entrySet());
      if (usable || offered.contains(name)) {
        free.put(name, node.facts().gpus() - used.getOrDefault(name, 0));
      }
    }
    return new Cluster(snapshot.interconnect(), free);
  }

  /** Groups that have some of their pods placed and wait for others. */
  private List<Group> others(
      ClusterPicture.Snapshot snapshot, PodFacts pod, List<Expectations.Expected> expected) {
    Map<String, String> nodes = nodes(expected);
    long announcedSince = clock.millis() - limits.announcement().toMillis();
    Set<String> expectedGroups = new HashSet<>();
    expected.forEach(e -> {
      String key = e.pod().groupKey();
      if (key != null) {
        expectedGroups.add(key);
      }
    });
    List<Group> others = new ArrayList<>();
    snapshot
        .groups()
        .forEach((key, pods) -> {
          List<PodFacts> members = pods.stream().filter(PodFacts::member).toList();
          boolean begun =
              expectedGroups.contains(key)
                  || members.stream().anyMatch(member -> member.node() != null);
          if (key.equals(pod.groupKey()) || members.isEmpty() || !begun) {
            return;
          }
          Map<String, String> placed = new HashMap<>(nodes);
          bound(members, placed);
          boolean fresh =
              members.stream().anyMatch(member -> member.createdMillis() >= announcedSince);
          boolean waiting = members.stream().anyMatch(m -> !placed.containsKey(m.uid()));
          if (fresh || waiting) {
            int size = members.stream().mapToInt(PodFacts::gpus).max().orElse(0);
            others.add(new Groups(key, members, placed, fresh).group(size));
          }
        });
    return others;
  }

  private static Groups groups(
      ClusterPicture.Snapshot snapshot,
      String key,
      PodFacts pod,
      List<Expectations.Expected> expected) {
    Map<String, PodFacts> members = new LinkedHashMap<>();
    for (PodFacts known : snapshot.groups().getOrDefault(key, List.of())) {
      if (known.member()) {
        members.put(known.uid(), known);
      }
    }
    for (Expectations.Expected e : expected) {
      if (key.equals(e.pod().groupKey())) {
        members.putIfAbsent(e.pod().uid(), e.pod());
      }
    }
    members.put(pod.uid(), pod);
    Map<String, String> nodes = nodes(expected);
    bound(members.values(), nodes);
    nodes.remove(pod.uid());
    return new Groups(key, List.copyOf(members.values()), nodes, true);
  }

  private static Map<String, String> nodes(List<Expectations.Expected> expected) {
    Map<String, String> nodes = new HashMap<>();
    expected.forEach(e -> nodes.put(e.pod().uid(), e.node()));
    return nodes;
  }

  private static void bound(Collection<PodFacts> members, Map<String, String> nodes) {
    for (PodFacts member : members) {
      String node = member.node();
      if (node != null) {
        nodes.put(member.uid(), node);
      }
    }
  }

  private void record(PodFacts pod, int candidates, Decision decision) {
    long now = clock.millis();
    switch (decision) {
      case Decision.PassedThrough() -> {}
      case Decision.Refused(String reason, Map<String, String> dropped) ->
          journal.record(
              pod.key(),
              new Journal.Entry(
                  now, pod.uid(), "refused", candidates, null, 0, noted(pod, reason), List.of()));
      case Decision.Chosen(List<Choice> choices, Map<String, String> dropped) -> {
        Choice best = choices.getFirst();
        expectations.expect(pod, best.node());
        journal.record(
            pod.key(),
            new Journal.Entry(
                now,
                pod.uid(),
                "chosen",
                candidates,
                best.node(),
                best.seconds(),
                noted(pod, best.reason()),
                choices.stream().limit(Journal.ALTERNATIVES).toList()));
      }
    }
  }

  private static String noted(PodFacts pod, String reason) {
    String problem = pod.ask() == null ? null : pod.ask().problem();
    return problem == null ? reason : reason + " (" + problem + ")";
  }

  /** 10 for the best, 9 for its equals, then one less a step of nearness, never below 1. */
  private static void score(List<Choice> choices, Map<String, Integer> scores) {
    for (Choice choice : choices) {
      scores.put(choice.node(), Math.max(1, MAX_SCORE - 1 - choice.nearness()));
    }
    scores.put(choices.getFirst().node(), MAX_SCORE);
  }
}
