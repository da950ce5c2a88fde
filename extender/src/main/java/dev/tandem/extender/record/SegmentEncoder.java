package dev.tandem.extender.record;

import dev.tandem.extender.decide.Decision;
import dev.tandem.extender.decide.Expected;
import dev.tandem.extender.decide.NodeState;
import dev.tandem.extender.decide.PodFacts;
import dev.tandem.topology.placement.Choice;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** From events to the lines of one segment. One thread. */
final class SegmentEncoder {
  private final Map<String, Integer> numbers = new HashMap<>();
  private final List<String> names = new ArrayList<>();
  private final List<Integer> followers = new ArrayList<>();
  private final Map<String, PodFacts> pods = new HashMap<>();
  private final CandidateSets sets = new CandidateSets();
  private @Nullable Set<String> labels;

  /** Takes lines. */
  interface Lines {
    void add(Line line) throws IOException;
  }

  void encode(Event event, Lines lines) throws IOException {
    switch (event) {
      case Event.Start start -> start(start, lines);
      case Event.Node(NodeState node) -> node(node, lines);
      case Event.NodeGone(String name) -> {
        Integer number = numbers.get(name);
        if (number != null) {
          lines.add(new Line.NodeGone(number));
        }
      }
      case Event.Pod pod -> pod(pod, lines);
      case Event.PodGone(String uid) -> {
        pods.remove(uid);
        lines.add(new Line.PodGone(uid));
      }
      case Event.Looked(int nodes) -> lines.add(new Line.Looked(nodes));
      case Event.Drawn(int nodes) -> lines.add(new Line.Drawn(nodes));
      case Event.Settled(String uid) -> lines.add(new Line.Settled(uid));
      case Event.Filter call -> {
        Line.Offer offer = offer(call.candidates(), lines);
        boolean known = known(call.pod());
        lines.add(
            new Line.Filter(
                call.seq(),
                call.at(),
                call.micros(),
                known ? call.pod().uid() : null,
                known ? null : call.pod(),
                offer,
                answer(call.decision())));
      }
      case Event.Prioritize call -> {
        Line.Offer offer = offer(call.candidates(), lines);
        boolean known = known(call.pod());
        lines.add(
            new Line.Prioritize(
                call.seq(),
                call.at(),
                call.micros(),
                known ? call.pod().uid() : null,
                known ? null : call.pod(),
                offer,
                scores(call.scores())));
      }
      case Event.Preempt call -> lines.add(preempt(call));
    }
  }

  /** Whether an earlier line holds the pod just as it is. */
  private boolean known(PodFacts pod) {
    return pod.equals(pods.get(pod.uid()));
  }

  private Line.Preempt preempt(Event.Preempt call) {
    List<Line.Eviction> evictions = new ArrayList<>(call.offered().size());
    BitSet kept = new BitSet();
    call.offered()
        .forEach((node, victims) -> {
          kept.set(evictions.size(), call.kept().contains(node));
          evictions.add(
              new Line.Eviction(
                  numbers.getOrDefault(node, -1),
                  victims.uids(),
                  victims.disruptionBudgetViolations()));
        });
    boolean known = known(call.pod());
    return new Line.Preempt(
        call.seq(),
        call.at(),
        call.micros(),
        known ? call.pod().uid() : null,
        known ? null : call.pod(),
        evictions,
        NodeSets.text(kept));
  }

  private void start(Event.Start start, Lines lines) throws IOException {
    labels = start.labels();
    lines.add(
        new Line.Start(
            Line.FORMAT,
            start.at(),
            start.aside(),
            start.nodes().size(),
            start.pods().size(),
            start.expected().size(),
            start.configuration()));
    for (NodeState node : start.nodes()) {
      node(node, lines);
    }
    if (start.aside()) {
      lines.add(new Line.Looked(start.nodes().size()));
      lines.add(new Line.Drawn(start.nodes().size()));
    }
    for (Event.Pod pod : start.pods()) {
      pod(pod, lines);
    }
    for (Expected expected : start.expected()) {
      lines.add(new Line.Expected(expected.pod(), expected.node(), expected.untilMillis()));
    }
  }

  private void node(NodeState node, Lines lines) throws IOException {
    String name = node.facts().name();
    Integer known = numbers.putIfAbsent(name, names.size());
    int number = known == null ? names.size() : known;
    if (known == null) {
      names.add(name);
      followers.add(names.size());
    }
    Set<String> kept = labels;
    if (kept != null) {
      Map<String, String> some = new TreeMap<>(node.labels());
      some.keySet().retainAll(kept);
      node = new NodeState(node.facts(), node.open(), node.tainted(), some);
    }
    lines.add(new Line.Node(number, node));
  }

  private void pod(Event.Pod shown, Lines lines) throws IOException {
    pods.put(shown.pod().uid(), shown.pod());
    lines.add(new Line.Pod(shown.pod(), shown.shown()));
  }

  private Line.Offer offer(List<String> candidates, Lines lines) throws IOException {
    BitSet offered = new BitSet(numbers.size());
    int unknown = 0;
    int before = 0;
    for (String name : candidates) {
      int number = number(before, name);
      if (number < 0) {
        unknown++;
      } else {
        offered.set(number);
        before = number;
      }
    }
    CandidateSets.Difference difference = sets.nearest(offered);
    if (difference == null) {
      int id = sets.add(offered);
      lines.add(new Line.Candidates(id, NodeSets.text(offered)));
      return new Line.Offer(id, null, unknown);
    }
    BitSet differ = difference.nodes();
    return new Line.Offer(
        difference.of(), differ.isEmpty() ? null : NodeSets.text(differ), unknown);
  }

  /**
   * The scheduler names nodes in one order, call after call: the one that followed last time is
   * tried before the look-up, which is what most of the writing thread's time went to.
   */
  private int number(int before, String name) {
    int likely = before < followers.size() ? followers.get(before) : 0;
    if (likely < names.size() && names.get(likely).equals(name)) {
      return likely;
    }
    Integer number = numbers.get(name);
    if (number == null) {
      return -1;
    }
    followers.set(before, number);
    return number;
  }

  private Line.Answer answer(Decision decision) {
    return switch (decision) {
      case Decision.PassedThrough() ->
          throw new IllegalStateException("pods passed through are not recorded");
      case Decision.Indifferent indifferent ->
          new Line.Answer(
              "indifferent",
              List.of(),
              List.of(),
              NodeSets.text(numbered(indifferent.nodes())),
              indifferent.reason());
      case Decision.Refused(var cause, String reason, Map<String, String> dropped) ->
          new Line.Answer("refused", List.of(), List.of(), null, reason);
      case Decision.Chosen(List<Choice> choices, Map<String, String> dropped) -> {
        List<Integer> nodes = new ArrayList<>(choices.size());
        List<Line.Run> runs = new ArrayList<>();
        for (Choice choice : choices) {
          nodes.add(numbers.getOrDefault(choice.node(), -1));
          Line.Run last = runs.isEmpty() ? null : runs.getLast();
          if (last != null
              && last.seconds() == choice.seconds()
              && last.nearness() == choice.nearness()
              && last.comfortable() == choice.comfortable()) {
            runs.removeLast();
            runs.add(last.longer());
          } else {
            runs.add(new Line.Run(1, choice.seconds(), choice.nearness(), choice.comfortable()));
          }
        }
        yield new Line.Answer("chosen", nodes, runs, null, choices.getFirst().reason());
      }
    };
  }

  private BitSet numbered(List<String> nodes) {
    BitSet set = new BitSet(names.size());
    int before = 0;
    for (String name : nodes) {
      int number = number(before, name);
      if (number >= 0) {
        set.set(number);
        before = number;
      }
    }
    return set;
  }

  private Map<Integer, String> scores(Map<String, Integer> scores) {
    Map<Integer, BitSet> byScore = new TreeMap<>();
    scores.forEach((name, score) -> {
      Integer number = numbers.get(name);
      if (number != null) {
        byScore.computeIfAbsent(score, s -> new BitSet()).set(number);
      }
    });
    Map<Integer, String> texts = new TreeMap<>();
    byScore.forEach((score, set) -> texts.put(score, NodeSets.text(set)));
    return texts;
  }
}
