package dev.tandem.extender.http;

import dev.tandem.api.Level;
import dev.tandem.extender.decide.Decision;
import dev.tandem.extender.decide.PodFacts;
import dev.tandem.topology.placement.Choice;
import java.util.Collection;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was decided, for people: one sentence a pod of ours at level info; and for programs, one
 * line of {@code key=value} for every decision at level debug, where text that may hold spaces
 * stands last or in quotes.
 */
final class DecisionLog {
  private static final Logger log = LoggerFactory.getLogger(DecisionLog.class);

  private DecisionLog() {}

  static void filtered(PodFacts pod, int candidates, Decision decision, long startNanos) {
    switch (decision) {
      case Decision.PassedThrough() -> {}
      case Decision.Indifferent(var nodes, var dropped, var cause, String reason) ->
          log.info(
              "{} left to the scheduler ({} of {} nodes kept): {}",
              pod.key(),
              nodes.size(),
              candidates,
              reason);
      case Decision.Chosen(var choices, var dropped) -> {
        Choice best = choices.getFirst();
        log.info("{} -> {} (of {} nodes): {}", pod.key(), best.node(), candidates, best.reason());
      }
      case Decision.Refused(var cause, String reason, var dropped) ->
          log.info("{} refused: {}", pod.key(), reason);
    }
    if (log.isDebugEnabled()) {
      log.debug("{}", line(pod, candidates, decision, micros(startNanos)));
    }
  }

  static void prioritized(
      PodFacts pod, int candidates, Map<String, Integer> scores, long startNanos) {
    if (log.isDebugEnabled()) {
      log.debug("{}", line(pod, candidates, scores, micros(startNanos)));
    }
  }

  static void preempted(PodFacts pod, int nodes, Collection<String> kept) {
    if (log.isDebugEnabled()) {
      log.debug("{}", line(pod, nodes, kept));
    }
  }

  static String line(PodFacts pod, int candidates, Decision decision, long micros) {
    return switch (decision) {
      case Decision.PassedThrough() ->
          line(pod, candidates, "passed-through", candidates, micros, "");
      case Decision.Indifferent(var nodes, var dropped, var cause, String reason) ->
          line(pod, candidates, "indifferent", nodes.size(), micros, reason(reason));
      case Decision.Chosen(var choices, var dropped) ->
          line(pod, candidates, "chosen", choices.size(), micros, place(choices.getFirst()));
      case Decision.Refused(var cause, String reason, var dropped) ->
          line(pod, candidates, "refused", 0, micros, reason(reason));
    };
  }

  static String line(PodFacts pod, int candidates, Map<String, Integer> scores, long micros) {
    return "verb=prioritize%s candidates=%d micros=%d scores=%s"
        .formatted(named(pod), candidates, micros, scores);
  }

  static String line(PodFacts pod, int nodes, Collection<String> kept) {
    return "verb=preempt%s candidates=%d kept=%s".formatted(named(pod), nodes, kept);
  }

  private static String line(
      PodFacts pod, int candidates, String outcome, int kept, long micros, String rest) {
    return "verb=filter%s group=%s gpus=%d candidates=%d outcome=%s kept=%d micros=%d%s"
        .formatted(named(pod), pod.groupKey(), pod.gpus(), candidates, outcome, kept, micros, rest);
  }

  private static String named(PodFacts pod) {
    return " pod=" + pod.key() + " uid=" + pod.uid();
  }

  private static String place(Choice best) {
    Level shared = best.shared();
    return " node="
        + best.node()
        + " predictedMillis="
        + Math.round(best.seconds() * 1e6) / 1e3
        + " shared="
        + (shared == null ? "none" : shared.label())
        + reason(best.reason());
  }

  private static String reason(String text) {
    return " reason=\"" + text.replace('"', '\'') + "\"";
  }

  private static long micros(long startNanos) {
    return (System.nanoTime() - startNanos) / 1_000;
  }
}
