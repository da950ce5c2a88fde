package dev.tandem.extender.record;

import dev.tandem.extender.decide.Decider;
import dev.tandem.extender.decide.Decisions;
import dev.tandem.extender.decide.PodFacts;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Asks recorded prioritize calls again and compares. One thread. */
final class ScoreCheck {
  private final Decisions decisions;
  private final Findings findings;

  ScoreCheck(Decisions decisions, Findings findings) {
    this.decisions = decisions;
    this.findings = findings;
  }

  void check(
      Line.Prioritize call, PodFacts pod, List<String> candidates, Map<String, Integer> before) {
    long start = System.nanoTime();
    Map<String, Integer> now = decisions.prioritize(pod, candidates);
    findings.took(System.nanoTime() - start, call);
    if (now.equals(before)) {
      findings.same();
      return;
    }
    int others =
        (int)
            candidates.stream()
                .filter(node -> !before.getOrDefault(node, 0).equals(now.getOrDefault(node, 0)))
                .count();
    findings.different(
        new Difference(
            findings.segment(),
            findings.line(),
            call.at(),
            "prioritize",
            pod.key(),
            Difference.Kind.AS_GOOD,
            side(best(before), before),
            side(best(now), now),
            null,
            others,
            findings.damaged()));
  }

  /** The one node the scores send the pod to, or null if there is none. */
  static @Nullable String best(Map<String, Integer> scores) {
    for (Map.Entry<String, Integer> score : scores.entrySet()) {
      if (score.getValue() == Decider.MAX_SCORE) {
        return score.getKey();
      }
    }
    return null;
  }

  private static Difference.Side side(@Nullable String node, Map<String, Integer> scores) {
    return new Difference.Side("scored", node, null, node == null ? null : scores.get(node), "");
  }
}
