package dev.tandem.extender.record;

import dev.tandem.extender.decide.Decisions;
import dev.tandem.extender.decide.PodFacts;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Asks recorded filter calls again and compares. One thread. */
final class FilterCheck {
  private final Decisions decisions;
  private final boolean repriced;
  private final Findings findings;

  /**
   * @param repriced whether recorded predictions are of another reckoning than today's
   */
  FilterCheck(Decisions decisions, boolean repriced, Findings findings) {
    this.decisions = decisions;
    this.repriced = repriced;
    this.findings = findings;
  }

  void check(Line.Filter call, PodFacts pod, List<String> candidates, Answer before) {
    long start = System.nanoTime();
    Answer now = Answer.of(decisions.filter(pod, candidates));
    findings.took(System.nanoTime() - start, call);
    if (now.sameAs(before)) {
      findings.same();
      return;
    }
    if (repriced && sameNodes(now, before)) {
      findings.same();
      return;
    }
    Answer.Place recorded = before.best();
    Answer.Place today = repriced ? priced(recorded, pod, now) : recorded;
    findings.different(
        new Difference(
            findings.segment(),
            findings.line(),
            call.at(),
            "filter",
            pod.key(),
            kind(before, today, now),
            side(before),
            side(now),
            repriced && today != null ? (Double) today.seconds() : null,
            others(before, now),
            findings.damaged()));
  }

  /**
   * Predictions of another reckoning are other numbers; the scheduler sees nodes and order only.
   */
  private static boolean sameNodes(Answer a, Answer b) {
    return a.outcome() == b.outcome()
        && a.left().equals(b.left())
        && a.places().stream()
            .map(Answer.Place::node)
            .toList()
            .equals(b.places().stream().map(Answer.Place::node).toList());
  }

  /** What a recorded place is worth today, or null if it is no place any more. */
  private Answer.@Nullable Place priced(Answer.@Nullable Place recorded, PodFacts pod, Answer now) {
    if (recorded == null) {
      return null;
    }
    for (Answer.Place place : now.places()) {
      if (place.node().equals(recorded.node())) {
        return place;
      }
    }
    return Answer.of(decisions.filter(pod, List.of(recorded.node()))).best();
  }

  /**
   * @param today what the recorded place is worth today, or null if it is no place any more
   */
  private static Difference.Kind kind(Answer before, Answer.@Nullable Place today, Answer now) {
    if (before.outcome() != now.outcome()) {
      return before.outcome() == Answer.Outcome.REFUSED
          ? Difference.Kind.BETTER
          : now.outcome() == Answer.Outcome.REFUSED
              ? Difference.Kind.WORSE
              : Difference.Kind.AS_GOOD;
    }
    Answer.Place best = now.best();
    if (best == null) {
      return Difference.Kind.AS_GOOD;
    }
    int compared = today == null ? -1 : best.compareTo(today);
    return compared < 0
        ? Difference.Kind.BETTER
        : compared > 0 ? Difference.Kind.WORSE : Difference.Kind.AS_GOOD;
  }

  private static Difference.Side side(Answer answer) {
    Answer.Place best = answer.best();
    String outcome = answer.outcome().label();
    return best == null
        ? new Difference.Side(outcome, null, null, null, answer.reason())
        : new Difference.Side(outcome, best.node(), best.seconds(), null, answer.reason());
  }

  private static int others(Answer before, Answer now) {
    Set<String> a = new HashSet<>(before.left());
    before.places().forEach(place -> a.add(place.node()));
    Set<String> b = new HashSet<>(now.left());
    now.places().forEach(place -> b.add(place.node()));
    int common = (int) a.stream().filter(b::contains).count();
    return a.size() + b.size() - 2 * common;
  }
}
