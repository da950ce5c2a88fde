package dev.tandem.extender.record;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import dev.tandem.extender.decide.NodeState;
import dev.tandem.extender.decide.PodFacts;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One line of a segment, as it stands in the file. Nodes go by a number that their {@link Node}
 * line gives them and that holds within the segment, so that a damaged line shifts no other.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "e")
@JsonSubTypes({
  @JsonSubTypes.Type(Line.Start.class),
  @JsonSubTypes.Type(Line.Node.class),
  @JsonSubTypes.Type(Line.NodeGone.class),
  @JsonSubTypes.Type(Line.Pod.class),
  @JsonSubTypes.Type(Line.PodGone.class),
  @JsonSubTypes.Type(Line.Settled.class),
  @JsonSubTypes.Type(Line.Looked.class),
  @JsonSubTypes.Type(Line.Drawn.class),
  @JsonSubTypes.Type(Line.Expected.class),
  @JsonSubTypes.Type(Line.Candidates.class),
  @JsonSubTypes.Type(Line.Filter.class),
  @JsonSubTypes.Type(Line.Prioritize.class),
  @JsonSubTypes.Type(Line.Preempt.class)
})
sealed interface Line {

  /** The form of segments written here; others are refused. */
  int FORMAT = 1;

  /**
   * The first line. The next {@code nodes + pods + expected} lines are the snapshot.
   *
   * @param at when, epoch milliseconds
   * @param aside whether changed nodes show only from a {@link Drawn} line on
   */
  @JsonTypeName("start")
  record Start(
      int format,
      long at,
      boolean aside,
      int nodes,
      int pods,
      int expected,
      Configuration configuration)
      implements Line {}

  /** A new or changed node. */
  @JsonTypeName("node")
  record Node(int i, NodeState node) implements Line {}

  /** A node that went away. */
  @JsonTypeName("node-gone")
  record NodeGone(int i) implements Line {}

  /**
   * A new or changed pod.
   *
   * @param shown when the watch first showed it in its group, epoch milliseconds; absent in what
   *     older versions wrote, where the time of the line before is the nearest
   */
  @JsonTypeName("pod")
  record Pod(PodFacts pod, @Nullable Long shown) implements Line {}

  /** A pod that went away. */
  @JsonTypeName("pod-gone")
  record PodGone(String uid) implements Line {}

  /** A generation is being drawn of the nodes as they are here. */
  @JsonTypeName("looked")
  record Looked(int nodes) implements Line {}

  /** From here on questions see the generation that was looked at last. */
  @JsonTypeName("drawn")
  record Drawn(int nodes) implements Line {}

  /** An expectation the watch ended. */
  @JsonTypeName("settled")
  record Settled(String uid) implements Line {}

  /**
   * A pod expected on a node when the segment began.
   *
   * @param until epoch milliseconds
   */
  @JsonTypeName("expected")
  record Expected(PodFacts pod, String node, long until) implements Line {}

  /**
   * A set of candidates that later calls differ from.
   *
   * @param nodes numbers as ranges, e.g. {@code 0-4999}
   */
  @JsonTypeName("candidates")
  record Candidates(int id, String nodes) implements Line {}

  /** A question about a pod: what all verbs have in common. */
  sealed interface Call extends Line {
    /** Counts the calls since recording began. */
    long seq();

    /** When it was asked, epoch milliseconds. */
    long at();

    /** How long the answer took, microseconds. */
    long micros();

    /** UID of a pod that an earlier line of the segment holds just as it was asked about. */
    @Nullable String uid();

    /** The pod, where no line holds it so. */
    @Nullable PodFacts pod();
  }

  /**
   * The candidates of a call: a set of an earlier line, but for some.
   *
   * @param of the set's id
   * @param differ numbers, as ranges, that are in one of the two alone; absent for none
   * @param unknown how many names were no known nodes
   */
  record Offer(int of, @Nullable String differ, int unknown) {}

  @JsonTypeName("filter")
  record Filter(
      long seq,
      long at,
      long micros,
      @Nullable String uid,
      @Nullable PodFacts pod,
      Offer offer,
      Answer answer)
      implements Call {}

  /**
   * A prioritize call.
   *
   * @param scores nodes as ranges by score; those with 0 are left out
   */
  @JsonTypeName("prioritize")
  record Prioritize(
      long seq,
      long at,
      long micros,
      @Nullable String uid,
      @Nullable PodFacts pod,
      Offer offer,
      Map<Integer, String> scores)
      implements Call {}

  /**
   * A preempt call.
   *
   * @param evictions what the scheduler would evict, a node each
   * @param kept nodes answered with, by their place among the evictions, as ranges
   */
  @JsonTypeName("preempt")
  record Preempt(
      long seq,
      long at,
      long micros,
      @Nullable String uid,
      @Nullable PodFacts pod,
      List<Eviction> evictions,
      String kept)
      implements Call {}

  /**
   * Pods that would have to go from a node.
   *
   * @param node its number; -1 for one that no line gives
   * @param pods UIDs
   * @param violations of disruption budgets
   */
  record Eviction(int node, List<String> pods, long violations) {}

  /**
   * What filter answered.
   *
   * @param outcome {@code chosen}, {@code indifferent} or {@code refused}
   * @param nodes the short list, best first
   * @param places how the nodes compare, in runs of equal ones along {@code nodes}
   * @param left the nodes left to the scheduler, as ranges; absent unless it may choose
   * @param reason of the best node, or of the outcome
   */
  record Answer(
      String outcome,
      List<Integer> nodes,
      List<Run> places,
      @Nullable String left,
      String reason) {}

  /** Nodes that are as good as each other. */
  record Run(int count, double seconds, int nearness, boolean comfortable) {
    Run longer() {
      return new Run(count + 1, seconds, nearness, comfortable);
    }
  }
}
