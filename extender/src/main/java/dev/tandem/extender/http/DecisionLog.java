package dev.tandem.extender.http;

import dev.tandem.api.Level;
import dev.tandem.extender.decide.Decision;
import dev.tandem.extender.decide.PodFacts;
import dev.tandem.topology.placement.Choice;
import java.util.Collection;
import java.util.Map;
import java.util.function.Supplier;
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
      case Decision.PassedThrough() ->
          line(pod, candidates, "passed-through", candidates, startNanos, () -> "");
      case Decision.Indifferent(var nodes, var dropped, var cause, String reason) -> {
        log.info(
            "{} left to the scheduler ({} of {} nodes kept): {}",
            pod.key(),
            nodes.size(),
            candidates,
            reason);
        line(pod, candidates, "indifferent", nodes.size(), startNanos, () -> reason(reason));
      }
      case Decision.Chosen(var choices, var dropped) -> {
        Choice best = choices.getFirst();
        log.info("{} -> {} (of {} nodes): {}", pod.key(), best.node(), candidates, best.reason());
        line(pod, candidates, "chosen", choices.size(), startNanos, () -> place(best));
      }
      case Decision.Refused(var cause, String reason, var dropped) -> {
        log.info("{} refused: {}", pod.key(), reason);
        line(pod, candidates, "refused", 0, startNanos, () -> reason(reason));
      }
    }
  }

  static void prioritized(PodFacts pod, Map<String, Integer> scores, long startNanos) {
    if (log.isDebugEnabled()) {
      log.debug(
          "verb=prioritize pod={} uid={} candidates={} micros={} scores={}",
          pod.key(),
          pod.uid(),
          scores.size(),
          micros(startNanos),
          scores);
    }
  }

  static void preempted(PodFacts pod, int nodes, Collection<String> kept) {
    log.debug(
        "verb=preempt pod={} uid={} candidates={} kept={}", pod.key(), pod.uid(), nodes, kept);
  }

  private static void line(
      PodFacts pod,
      int candidates,
      String outcome,
      int kept,
      long startNanos,
      Supplier<String> rest) {
    if (log.isDebugEnabled()) {
      log.debug(
          "verb=filter pod={} uid={} group={} gpus={} candidates={} outcome={} kept={} micros={}{}",
          pod.key(),
          pod.uid(),
          pod.groupKey(),
          pod.gpus(),
          candidates,
          outcome,
          kept,
          micros(startNanos),
          rest.get());
    }
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
