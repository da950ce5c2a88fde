package dev.tandem.extender.http;

import dev.tandem.extender.decide.Decision;
import dev.tandem.extender.decide.Decisions;
import dev.tandem.extender.decide.PodFacts;
import dev.tandem.extender.decide.Victims;
import dev.tandem.extender.wire.Answers;
import dev.tandem.extender.wire.ArgsReader;
import dev.tandem.extender.wire.ExtenderArgs;
import dev.tandem.extender.wire.PodReader;
import dev.tandem.extender.wire.PreemptionArgs;
import dev.tandem.extender.wire.PreemptionReader;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * From the bytes of a call to the bytes of its answer; what HTTP serves and what the warm-up runs.
 * Safe for many threads.
 *
 * <p>Both verbs answer whatever comes: to kube-scheduler any status but 200 is only a number in its
 * log, while {@code Error} is read by people. Prioritize has no such field; an empty list means no
 * opinion, and the log line and the metric tell the rest.
 */
public final class Verbs {
  private static final Logger log = LoggerFactory.getLogger(Verbs.class);

  private final ArgsReader reader;
  private final Answers answers = new Answers();
  private final Decisions decisions;
  private final PreemptionReader preemptions;
  private final ExtenderMetrics metrics;
  private final boolean logged;

  /**
   * @param logged whether decisions are logged, which a warm-up's are not
   */
  public Verbs(PodReader pods, Decisions decisions, ExtenderMetrics metrics, boolean logged) {
    this.reader = new ArgsReader(pods);
    this.preemptions = new PreemptionReader(pods);
    this.decisions = decisions;
    this.metrics = metrics;
    this.logged = logged;
  }

  /** What answers a verb. */
  UnaryOperator<byte[]> of(Verb verb) {
    return switch (verb) {
      case FILTER -> this::filter;
      case PRIORITIZE -> this::prioritize;
      case PREEMPT -> this::preempt;
    };
  }

  /** Answers a filter call. */
  public byte[] filter(byte[] body) {
    long start = System.nanoTime();
    byte[] answer =
        switch (reader.read(body)) {
          case ExtenderArgs.Invalid(String reason) -> {
            bad(Verb.FILTER, reason);
            yield answers.error("tandem extender: " + reason);
          }
          case ExtenderArgs.Valid(ExtenderArgs args) -> {
            try {
              yield decided(args, start);
            } catch (RuntimeException e) {
              failed(Verb.FILTER, args, e);
              yield answers.error("tandem extender: internal error, see its log: " + e);
            }
          }
        };
    metrics.answered(Verb.FILTER, System.nanoTime() - start);
    return answer;
  }

  /** Answers a prioritize call. */
  public byte[] prioritize(byte[] body) {
    long start = System.nanoTime();
    byte[] answer =
        switch (reader.read(body)) {
          case ExtenderArgs.Invalid(String reason) -> {
            bad(Verb.PRIORITIZE, reason);
            yield answers.priorities(List.of(), Map.of());
          }
          case ExtenderArgs.Valid(ExtenderArgs args) -> {
            try {
              yield scored(args, start);
            } catch (RuntimeException e) {
              failed(Verb.PRIORITIZE, args, e);
              yield answers.priorities(List.of(), Map.of());
            }
          }
        };
    metrics.answered(Verb.PRIORITIZE, System.nanoTime() - start);
    return answer;
  }

  /**
   * Answers a preempt call. One that cannot be understood is answered with no node: kube-scheduler
   * then evicts nobody and tries again later.
   */
  public byte[] preempt(byte[] body) {
    long start = System.nanoTime();
    byte[] answer =
        switch (preemptions.read(body)) {
          case PreemptionArgs.Invalid(String reason) -> {
            bad(Verb.PREEMPT, reason);
            yield answers.preemption(Map.of());
          }
          case PreemptionArgs.Valid(PreemptionArgs args) ->
              answers.preemption(preempted(args.pod(), args.victims()));
        };
    metrics.answered(Verb.PREEMPT, System.nanoTime() - start);
    return answer;
  }

  private Map<String, Victims> preempted(PodFacts pod, Map<String, Victims> offered) {
    try {
      Map<String, Victims> kept = decisions.preempt(pod, offered);
      metrics.preempted(offered.size(), kept.size());
      if (logged) {
        DecisionLog.preempted(pod, offered.size(), kept.keySet());
      }
      return kept;
    } catch (RuntimeException e) {
      metrics.bad(Verb.PREEMPT, "internal");
      log.error("preempt of {} failed", pod.key(), e);
      return offered;
    }
  }

  private byte[] decided(ExtenderArgs args, long start) {
    Decision decision = decisions.filter(args.pod(), args.nodeNames());
    metrics.decided(decision);
    if (logged) {
      DecisionLog.filtered(args.pod(), args.nodeNames().size(), decision, start);
    }
    return answers.filter(args, decision);
  }

  /**
   * A pod that asks nothing of us gets an empty list, which is no opinion, of any number of nodes.
   */
  private byte[] scored(ExtenderArgs args, long start) {
    if (args.pod().ask() == null) {
      return answers.priorities(List.of(), Map.of());
    }
    Map<String, Integer> scores = decisions.prioritize(args.pod(), args.nodeNames());
    if (logged) {
      DecisionLog.prioritized(args.pod(), args.nodeNames().size(), scores, start);
    }
    return answers.priorities(args.nodeNames(), scores);
  }

  /** A defect of ours is told to the scheduler in its own words and ends nothing but this call. */
  private void failed(Verb verb, ExtenderArgs args, RuntimeException problem) {
    metrics.bad(verb, "internal");
    log.error("{} of {} failed", verb.label(), args.pod().key(), problem);
  }

  private void bad(Verb verb, String reason) {
    metrics.bad(verb, "malformed");
    log.warn("{}: {}", verb.label(), reason);
  }
}
