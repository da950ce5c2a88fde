package dev.tandem.extender.decide;

import dev.tandem.api.Level;
import dev.tandem.api.TransferCost;
import dev.tandem.topology.placement.Blocks;
import dev.tandem.topology.placement.Choice;
import dev.tandem.topology.placement.Group;
import dev.tandem.topology.placement.Left;
import dev.tandem.topology.placement.Member;
import dev.tandem.topology.placement.Planner;
import dev.tandem.topology.placement.Ranking;
import dev.tandem.topology.placement.Reservations;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Answers filter and prioritize.
 *
 * <p>Decisions are made one at a time, so that each sees where the one before expects its pod to
 * go; kube-scheduler asks one by one anyway. Nothing is written anywhere: what-if questions leave
 * only an {@link Expectations expectation} that runs out.
 */
public final class Decider implements Decisions {
  /** Best score of the wire contract. */
  public static final int MAX_SCORE = 10;

  /** Plans of waiting groups made anew for one question; more only after a restart. */
  private static final int MOST_SEARCHES = 16;

  private final ClusterPicture picture;
  private volatile Planner planner;
  private volatile TransferCost cost;
  private Reservations reservations;
  private final WaitingGroups waiting = new WaitingGroups();
  private final Expectations expectations;
  private final Preemption preemption;
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
   * @param announcement how long after its newest pod was seen a group keeps places for members
   *     that were announced but do not exist
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
    this.cost = TransferCost.defaults();
    this.planner = new Planner(cost, limits.noise(), limits.shortList());
    this.reservations = new Reservations(planner, MOST_SEARCHES);
    this.expectations = new Expectations(limits.expectation(), limits.mostExpected(), clock);
    this.preemption = new Preemption(picture, this::planner, limits.noise());
  }

  /** Plans by other overheads of the transports from the next question on. */
  public void costs(TransferCost cost) {
    one.lock();
    try {
      this.cost = cost;
      planner = new Planner(cost, limits.noise(), limits.shortList());
      reservations = new Reservations(planner, MOST_SEARCHES);
    } finally {
      one.unlock();
    }
  }

  @Override
  public Decision filter(PodFacts pod, List<String> candidates) {
    if (pod.ask() == null) {
      journal.passedThrough(pod, candidates.size(), clock.millis());
      return new Decision.PassedThrough();
    }
    one.lock();
    try {
      Decision decision = decide(pod, candidates, !pod.tentative());
      record(pod, candidates.size(), decision);
      return decision instanceof Decision.Chosen chosen ? bestAlone(chosen) : decision;
    } finally {
      one.unlock();
    }
  }

  /**
   * The plan counts on the best node, and the others would only be scored to lose: with one name
   * kube-scheduler skips scoring, and its call of prioritize. The others stay in the journal.
   */
  private static Decision bestAlone(Decision.Chosen chosen) {
    return new Decision.Chosen(List.of(chosen.choices().getFirst()), chosen.dropped());
  }

  /**
   * Scores up to {@value #MAX_SCORE}. The best node alone has the highest, so that the scheduler's
   * own scores cannot pick another one than the plan counts on.
   */
  @Override
  public Map<String, Integer> prioritize(PodFacts pod, List<String> candidates) {
    if (pod.ask() == null) {
      return Map.of();
    }
    one.lock();
    try {
      if (decide(pod, candidates, false) instanceof Decision.Chosen chosen) {
        expect(pod, chosen.choices().getFirst());
        return scores(chosen.choices());
      }
      return Map.of();
    } finally {
      one.unlock();
    }
  }

  @Override
  public Map<String, Victims> preempt(PodFacts pod, Map<String, Victims> offered) {
    return preemption.worthwhile(pod, offered);
  }

  /** The watch has shown the pod on a node, finished or gone. */
  public void settled(String uid) {
    expectations.settled(uid);
  }

  /**
   * Expects a pod somewhere as if it had been answered so, for a decider that takes up another's.
   */
  public void expect(Expected expected) {
    expectations.add(expected);
  }

  /**
   * The pods expected somewhere now, oldest first, for another decider to take up. Plans kept for
   * waiting groups are forgotten, so that from here on both answer alike.
   */
  public List<Expected> handOver() {
    one.lock();
    try {
      reservations.forget();
      waiting.forget();
      return expectations.current();
    } finally {
      one.unlock();
    }
  }

  /**
   * A decider on another picture that decides as this one does and expects what it expects; what it
   * is asked leaves no trace here.
   */
  Decider apart(ClusterPicture other, Limits bounds) {
    Decider apart = new Decider(other, new Journal(), bounds, clock);
    apart.costs(cost);
    expectations.current().forEach(apart::expect);
    return apart;
  }

  /** Bounds of what is remembered and answered. */
  Limits limits() {
    return limits;
  }

  private Planner planner() {
    one.lock();
    try {
      return planner;
    } finally {
      one.unlock();
    }
  }

  /** How many pods are expected somewhere. */
  public int expected() {
    return expectations.size();
  }

  /** Our pods that have a node, with the reason they were sent there. */
  public List<Placement> placements() {
    return new Whereabouts(picture, journal, planner).placements();
  }

  /**
   * @param oneWillDo whether a place kept for the pod is answer enough, with no other beside it
   */
  private Decision decide(PodFacts pod, List<String> candidates, boolean oneWillDo) {
    List<Expected> expected = expectations.current();
    ClusterPicture.Snapshot snapshot = picture.snapshot(expected);
    List<Expected> open = new ArrayList<>(expected);
    open.removeIf(e -> snapshot.settled().contains(e.pod().uid()));
    Offer.Numbers offer = Offer.read(snapshot.blocks(), candidates);
    if (offer.nodes().length == 0) {
      return new Decision.Refused(
          candidates.isEmpty() ? Decision.Cause.NO_CANDIDATES : Decision.Cause.UNKNOWN_NODES,
          candidates.isEmpty()
              ? "no candidate node was offered"
              : "none of the " + candidates.size() + " candidate nodes is known to the node watch",
          offer.unknown());
    }
    return decide(new Situation(snapshot, open, picture::alive), pod, offer, oneWillDo);
  }

  private Decision decide(
      Situation situation, PodFacts pod, Offer.Numbers offer, boolean oneWillDo) {
    Blocks blocks = situation.snapshot().blocks();
    int[] free = situation.free(pod, offer.offered(), picture.with(pod.nodeSelector(), blocks));
    String key = pod.groupKey();
    Left claims =
        reservations.left(
            blocks,
            situation.everywhere(),
            free,
            waiting.of(picture, situation, clock.millis(), limits.announcement()),
            key,
            pod.priority(),
            waiting.access(picture, situation));
    int[] left = claims.gpus();
    if (key == null) {
      return indifferent(
          blocks,
          free,
          left,
          pod,
          offer,
          Decision.Cause.NO_GROUP,
          "no group: its partners are unknown");
    }
    Groups groups = situation.groups(key, picture.group(key), pod);
    Group group = groups.group(pod.gpus());
    Choice kept =
        oneWillDo ? claims.place(group, Groups.member(pod), node -> offer.offered()[node]) : null;
    if (kept != null) {
      return new Decision.Chosen(List.of(kept), offer.unknown());
    }
    if (planner.indifferent(blocks, group)) {
      return indifferent(
          blocks,
          free,
          left,
          pod,
          offer,
          Decision.Cause.EQUAL_LINKS,
          "group " + group.name() + ": every link costs the same");
    }
    Ranking ranking =
        groups.hasUnseenRole()
            ? guessing(blocks, free, left, groups, pod, offer)
            : planned(blocks, free, left, group, pod, offer);
    return switch (ranking) {
      case Ranking.Ranked(List<Choice> choices) -> new Decision.Chosen(choices, offer.unknown());
      case Ranking.Refused(String reason) ->
          new Decision.Refused(
              group.required() == null
                  ? Decision.Cause.UNKNOWN_NODES
                  : Decision.Cause.REQUIRED_LEVEL,
              reason,
              offer.unknown());
    };
  }

  /**
   * All candidates, but those that would be missed by a group that waits, while others are there.
   */
  private static Decision indifferent(
      Blocks blocks,
      int[] free,
      int[] left,
      PodFacts pod,
      Offer.Numbers offer,
      Decision.Cause cause,
      String reason) {
    List<String> all = new ArrayList<>(offer.nodes().length);
    List<String> unclaimed = new ArrayList<>(offer.nodes().length);
    for (int node : offer.nodes()) {
      all.add(blocks.name(node));
      if (left[node] >= pod.gpus() || free[node] < pod.gpus()) {
        unclaimed.add(blocks.name(node));
      }
    }
    return new Decision.Indifferent(
        unclaimed.isEmpty() ? all : unclaimed, offer.unknown(), cause, reason);
  }

  private Ranking planned(
      Blocks blocks, int[] free, int[] left, Group group, PodFacts pod, Offer.Numbers offer) {
    Member member = Groups.member(pod);
    Ranking ranking =
        planner.rank(
            blocks, free, left, picture.flows(group.key(), blocks), group, member, offer.nodes());
    if (!pod.tentative() && ranking instanceof Ranking.Ranked ranked) {
      reservations.keep(blocks, group, member, ranked.best());
    }
    return ranking;
  }

  /**
   * The first pod of a group may come before any pod of another role shows how large those are. The
   * largest size with which the group is whole in one domain is taken: if they turn out smaller it
   * still is whole.
   */
  private Ranking guessing(
      Blocks blocks, int[] free, int[] left, Groups groups, PodFacts pod, Offer.Numbers offer) {
    for (int size : Groups.assumptions(pod.gpus(), blocks.largestNode())) {
      Ranking ranking = planned(blocks, free, left, groups.group(size), pod, offer);
      if (ranking instanceof Ranking.Ranked ranked
          && ranked.best().comfortable()
          && (ranked.best().shared() == Level.NVLINK || ranked.best().shared() == Level.NODE)) {
        waiting.guessed(String.valueOf(pod.groupKey()), size);
        return ranking;
      }
    }
    waiting.guessed(String.valueOf(pod.groupKey()), pod.gpus());
    return planned(blocks, free, left, groups.group(pod.gpus()), pod, offer);
  }

  private void record(PodFacts pod, int candidates, Decision decision) {
    long now = clock.millis();
    switch (decision) {
      case Decision.PassedThrough() -> {}
      case Decision.Indifferent indifferent ->
          journal.record(
              pod.key(),
              new Journal.Entry(
                  now,
                  pod,
                  "left-to-the-scheduler",
                  candidates,
                  null,
                  0,
                  noted(pod, indifferent.reason()),
                  List.of()));
      case Decision.Refused(var cause, String reason, Map<String, String> dropped) ->
          journal.record(
              pod.key(),
              new Journal.Entry(
                  now, pod, "refused", candidates, null, 0, noted(pod, reason), List.of()));
      case Decision.Chosen(List<Choice> choices, Map<String, String> dropped) -> {
        Choice best = choices.getFirst();
        expect(pod, best);
        journal.record(
            pod.key(),
            new Journal.Entry(
                now,
                pod,
                "chosen",
                candidates,
                best.node(),
                best.seconds(),
                noted(pod, best.reason()),
                choices.stream().limit(Journal.ALTERNATIVES).toList()));
      }
    }
  }

  /** Of a pod group's members the scheduler tries many places: none of them is to be counted on. */
  private void expect(PodFacts pod, Choice best) {
    if (!pod.tentative()) {
      expectations.expect(pod, best.node());
    }
  }

  private static String noted(PodFacts pod, String reason) {
    String problem = pod.ask() == null ? null : pod.ask().problem();
    return problem == null ? reason : reason + " (" + problem + ")";
  }

  /** 10 for the best, 9 for its equals, then one less a step of nearness, never below 1. */
  private static Map<String, Integer> scores(List<Choice> choices) {
    Map<String, Integer> scores = new LinkedHashMap<>();
    for (Choice choice : choices) {
      scores.put(choice.node(), Math.max(1, MAX_SCORE - 1 - choice.nearness()));
    }
    scores.put(choices.getFirst().node(), MAX_SCORE);
    return scores;
  }
}
