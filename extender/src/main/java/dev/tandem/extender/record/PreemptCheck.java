package dev.tandem.extender.record;

import dev.tandem.extender.decide.Decisions;
import dev.tandem.extender.decide.PodFacts;
import dev.tandem.extender.decide.Victims;
import java.util.Map;
import java.util.Set;

/** Asks recorded preempt calls again and compares. One thread. */
final class PreemptCheck {
  private final Decisions decisions;
  private final Findings findings;

  PreemptCheck(Decisions decisions, Findings findings) {
    this.decisions = decisions;
    this.findings = findings;
  }

  /**
   * @param before the nodes that were answered with
   */
  void check(Line.Preempt call, PodFacts pod, Map<String, Victims> offered, Set<String> before) {
    long start = System.nanoTime();
    Set<String> now = decisions.preempt(pod, offered).keySet();
    findings.took(System.nanoTime() - start, call);
    if (now.equals(before)) {
      findings.same();
      return;
    }
    int others =
        (int)
            offered.keySet().stream()
                .filter(node -> before.contains(node) != now.contains(node))
                .count();
    findings.different(
        new Difference(
            findings.segment(),
            findings.line(),
            call.at(),
            "preempt",
            pod.key(),
            Difference.Kind.AS_GOOD,
            side(before, offered.size()),
            side(now, offered.size()),
            null,
            others,
            findings.damaged()));
  }

  private static Difference.Side side(Set<String> kept, int offered) {
    String node = kept.size() == 1 ? kept.iterator().next() : null;
    return new Difference.Side(
        "kept " + kept.size() + " of " + offered + " nodes", node, null, null, "");
  }
}
