package dev.tandem.extender.record;

import dev.tandem.extender.decide.ClusterPicture;
import dev.tandem.extender.decide.Decider;
import dev.tandem.extender.decide.Expected;
import dev.tandem.extender.decide.Journal;
import dev.tandem.extender.decide.NodeState;
import dev.tandem.extender.decide.PodFacts;
import dev.tandem.extender.decide.Victims;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Runs one segment again, with a picture and a decider of its own. One thread, used once. */
final class SegmentRun {
  private final Path file;
  private final Replay.Change change;
  private final LongAdder calls;
  private final LongAdder bytes;
  private final Map<Integer, String> names = new HashMap<>();
  private final Map<String, PodFacts> pods = new HashMap<>();
  private final Map<String, Expected> expected = new HashMap<>();
  private final CandidateSets sets = new CandidateSets();
  private final Findings findings;
  private final Moment moment = new Moment(0);
  private @Nullable Stage stage;
  private @Nullable Runnable drawing;

  /** What a segment's first line sets up. */
  private record Stage(
      Configuration configuration,
      ClusterPicture picture,
      Decider decider,
      FilterCheck filters,
      ScoreCheck scores,
      PreemptCheck preemptions) {}

  SegmentRun(Path file, Replay.Change change, LongAdder calls, LongAdder bytes) {
    this.file = file;
    this.change = change;
    this.calls = calls;
    this.bytes = bytes;
    this.findings = new Findings(String.valueOf(file.getFileName()));
  }

  SegmentResult run() {
    try (SegmentReader reader = new SegmentReader(file, bytes, findings::damage)) {
      for (Line line = reader.next(); line != null; line = reader.next()) {
        findings.at(reader.line());
        try {
          apply(line);
        } catch (DamagedLine | RuntimeException e) {
          findings.unusable(line, e);
        }
        if (stage == null) {
          break;
        }
      }
    } catch (IOException e) {
      findings.damage(new Damage(findings.segment(), 0, "cannot be read: " + e));
    }
    return findings.result();
  }

  private void apply(Line line) throws DamagedLine {
    if (line instanceof Line.Start start) {
      begin(start);
      return;
    }
    Stage on = stage;
    if (on == null) {
      throw new DamagedLine(
          "does not begin with a start line, so that the whole segment is passed over");
    }
    switch (line) {
      case Line.Start start -> throw new IllegalStateException("handled above");
      case Line.Node(int number, NodeState node) -> {
        NodeState changed = change.nodes().apply(node);
        names.put(number, node.facts().name());
        on.picture().node(changed);
      }
      case Line.NodeGone(int number) -> on.picture().nodeGone(name(number));
      case Line.Pod(PodFacts pod, Long shown) -> {
        if (shown != null) {
          moment.set(shown);
        }
        pods.put(pod.uid(), pod);
        on.picture().pod(pod);
      }
      case Line.PodGone(String uid) -> {
        pods.remove(uid);
        on.picture().podGone(uid);
      }
      case Line.Looked looked -> drawing = on.picture().draw();
      case Line.Drawn drawn -> {
        Runnable show = drawing;
        if (show != null) {
          show.run();
        }
        drawing = null;
      }
      case Line.Settled(String uid) -> {
        expected.remove(uid);
        on.decider().settled(uid);
      }
      case Line.Expected(PodFacts pod, String node, long until) -> {
        Expected recorded = new Expected(pod, node, until);
        expected.put(pod.uid(), recorded);
        on.decider().expect(recorded);
      }
      case Line.Candidates(int id, String nodes) -> sets.put(id, NodeSets.parse(nodes));
      case Line.Call call -> call(on, call);
    }
  }

  private void begin(Line.Start start) throws DamagedLine {
    if (start.format() != Line.FORMAT) {
      throw new DamagedLine(
          "format "
              + start.format()
              + "; accepted: "
              + Line.FORMAT
              + ", of this version of tandem");
    }
    Configuration configuration = change.configuration().apply(start.configuration());
    ClusterPicture picture =
        start.aside()
            ? new ClusterPicture(configuration.speeds(), moment, drawing -> {})
            : new ClusterPicture(configuration.speeds(), moment);
    moment.set(start.at());
    Decider decider = new Decider(picture, new Journal(), configuration.limits(), moment);
    decider.costs(configuration.cost());
    stage =
        new Stage(
            configuration,
            picture,
            decider,
            new FilterCheck(decider, change.costs(), findings),
            new ScoreCheck(decider, findings),
            new PreemptCheck(decider, findings));
  }

  private void call(Stage on, Line.Call call) throws DamagedLine {
    PodFacts pod = pod(call);
    moment.set(call.at());
    calls.increment();
    switch (call) {
      case Line.Filter filter -> {
        Answer before = answer(filter.answer());
        on.filters().check(filter, pod, candidates(filter.offer()), before);
        Answer.Place best = before.best();
        expectAsRecorded(on, pod, best == null ? null : best.node(), call.at());
      }
      case Line.Prioritize prioritize -> {
        List<String> candidates = candidates(prioritize.offer());
        Map<String, Integer> before = scores(prioritize.scores());
        on.scores().check(prioritize, pod, candidates, before);
        expectAsRecorded(on, pod, ScoreCheck.best(before), call.at());
      }
      case Line.Preempt preempt -> preempt(on, preempt, pod);
    }
  }

  private void preempt(Stage on, Line.Preempt call, PodFacts pod) throws DamagedLine {
    BitSet keptThen = NodeSets.parse(call.kept());
    if (keptThen.length() > call.evictions().size()) {
      throw new DamagedLine(
          "kept: " + call.kept() + "; accepted: below " + call.evictions().size());
    }
    Map<String, Victims> offered = new LinkedHashMap<>();
    Set<String> before = new HashSet<>();
    for (Line.Eviction eviction : call.evictions()) {
      int place = offered.size();
      String node = eviction.node() < 0 ? "(not recorded " + place + ")" : name(eviction.node());
      if (offered.put(node, new Victims(eviction.pods(), eviction.violations())) != null) {
        throw new DamagedLine("node number " + eviction.node() + " is offered twice");
      }
      if (keptThen.get(place)) {
        before.add(node);
      }
    }
    on.preemptions().check(call, pod, offered, before);
  }

  /** Whatever was answered now, the next call must see what followed from the recorded answer. */
  private void expectAsRecorded(Stage on, PodFacts pod, @Nullable String node, long at) {
    if (node != null && !pod.tentative()) {
      long life = on.configuration().limits().expectation().toMillis();
      expected.put(pod.uid(), new Expected(pod, node, at + life));
    }
    on.decider().settled(pod.uid());
    Expected recorded = expected.get(pod.uid());
    if (recorded != null && recorded.untilMillis() > at) {
      on.decider().expect(recorded);
    }
  }

  private String name(int number) throws DamagedLine {
    String name = names.get(number);
    if (name == null) {
      throw new DamagedLine("node number " + number + " is not one that an earlier line gave");
    }
    return name;
  }

  private PodFacts pod(Line.Call call) throws DamagedLine {
    PodFacts pod = call.pod();
    String uid = call.uid();
    if (pod == null && uid != null) {
      pod = pods.get(uid);
    }
    if (pod == null) {
      throw new DamagedLine("pod " + uid + " is not one that an earlier line holds");
    }
    return pod;
  }

  /** In the order of their numbers: answers do not depend on it. */
  private List<String> candidates(Line.Offer offer) throws DamagedLine {
    BitSet base = sets.get(offer.of());
    if (base == null) {
      throw new DamagedLine(
          "set of candidates " + offer.of() + " is not one that an earlier line holds");
    }
    BitSet set = (BitSet) base.clone();
    if (offer.differ() != null) {
      set.xor(NodeSets.parse(offer.differ()));
    }
    if (offer.unknown() < 0 || offer.unknown() > NodeSets.MOST_NODES) {
      throw new DamagedLine(
          "unknown: " + offer.unknown() + "; accepted: 0 to " + NodeSets.MOST_NODES);
    }
    List<String> candidates = names(set);
    for (int i = 0; i < offer.unknown(); i++) {
      candidates.add("(not recorded " + i + ")");
    }
    return candidates;
  }

  private List<String> names(BitSet set) {
    List<String> known = new ArrayList<>(set.cardinality());
    set.stream()
        .forEach(number -> {
          String name = names.get(number);
          if (name != null) {
            known.add(name);
          }
        });
    return known;
  }

  private Answer answer(Line.Answer answer) throws DamagedLine {
    List<Answer.Place> places = new ArrayList<>();
    Iterator<Integer> nodes = answer.nodes().iterator();
    for (Line.Run run : answer.places()) {
      for (int i = 0; i < run.count() && nodes.hasNext(); i++) {
        places.add(
            new Answer.Place(name(nodes.next()), run.seconds(), run.nearness(), run.comfortable()));
      }
    }
    if (places.size() != answer.nodes().size()) {
      throw new DamagedLine(answer.nodes().size() + " nodes, but places of " + places.size());
    }
    String left = answer.left();
    return new Answer(
        outcome(answer.outcome()),
        places,
        left == null ? Set.of() : Set.copyOf(names(NodeSets.parse(left))),
        answer.reason());
  }

  private static Answer.Outcome outcome(String word) throws DamagedLine {
    return switch (word) {
      case "chosen" -> Answer.Outcome.CHOSEN;
      case "indifferent" -> Answer.Outcome.INDIFFERENT;
      case "refused" -> Answer.Outcome.REFUSED;
      default ->
          throw new DamagedLine("outcome " + word + "; accepted: chosen, indifferent, refused");
    };
  }

  private Map<String, Integer> scores(Map<Integer, String> recorded) {
    Map<String, Integer> scores = new LinkedHashMap<>();
    recorded.forEach(
        (score, nodes) -> names(NodeSets.parse(nodes)).forEach(name -> scores.put(name, score)));
    return scores;
  }
}
