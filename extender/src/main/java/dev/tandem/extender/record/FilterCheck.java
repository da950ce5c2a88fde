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
            kind(today, now.best()),
            side(recorded, before.reason()),
            side(now.best(), now.reason()),
            repriced && today != null ? (Double) today.seconds() : null,
            others(before, now),
            findings.damaged()));
  }

  /**
   * Predictions of another reckoning are other numbers; the scheduler sees nodes and order only.
   */
  private static boolean sameNodes(Answer a, Answer b) {
    return a.places().stream()
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

  private static Difference.Kind kind(Answer.@Nullable Place before, Answer.@Nullable Place now) {
    if (before == null || now == null) {
      return before == now
          ? Difference.Kind.AS_GOOD
          : before == null ? Difference.Kind.BETTER : Difference.Kind.WORSE;
    }
    int compared = now.compareTo(before);
    return compared < 0
        ? Difference.Kind.BETTER
        : compared > 0 ? Difference.Kind.WORSE : Difference.Kind.AS_GOOD;
  }

  private static Difference.Side side(Answer.@Nullable Place place, String reason) {
    return place == null
        ? new Difference.Side(null, null, null, reason)
        : new Difference.Side(place.node(), place.seconds(), null, reason);
  }

  private static int others(Answer before, Answer now) {
    Set<String> a = new HashSet<>();
    before.places().forEach(place -> a.add(place.node()));
    Set<String> b = new HashSet<>();
    now.places().forEach(place -> b.add(place.node()));
    int common = (int) a.stream().filter(b::contains).count();
    return a.size() + b.size() - 2 * common;
  }
}
