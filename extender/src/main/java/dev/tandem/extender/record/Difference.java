package dev.tandem.extender.record;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A call that is answered differently now.
 *
 * @param segment the file it was recorded in
 * @param line its line there
 * @param at when it was asked, epoch milliseconds
 * @param verb {@code filter}, {@code prioritize} or {@code preempt}
 * @param pod namespace/name
 * @param kind which of the two answers is better
 * @param before what was answered
 * @param now what is answered now
 * @param beforeToday what the recorded node is worth by the present reckoning; null where that is
 *     not known or was not needed
 * @param otherNodes how many nodes are in one of the answers alone; for scores, how many nodes have
 *     another score
 * @param afterDamage whether a damaged line before it may be what makes the difference
 */
public record Difference(
    String segment,
    long line,
    long at,
    String verb,
    String pod,
    Kind kind,
    Side before,
    Side now,
    @Nullable Double beforeToday,
    int otherNodes,
    boolean afterDamage) {

  /** Which answer is better, by the present reckoning. */
  public enum Kind {
    /** The answer of today is better. */
    BETTER,
    /** The recorded answer was better. */
    WORSE,
    /** Other nodes or scores that are worth the same. */
    AS_GOOD;

    /** The word in JSON and tables. */
    public String label() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /**
   * One of the two answers.
   *
   * @param outcome what became of the pod, in words
   * @param node where it is sent, or null
   * @param seconds predicted transfer of the group's reference prompt there; null but for filter,
   *     and for a refusal
   * @param score the node's score; null but for prioritize
   * @param reason why, in one line; empty but for filter
   */
  public record Side(
      String outcome,
      @Nullable String node,
      @Nullable Double seconds,
      @Nullable Integer score,
      String reason) {}
}
