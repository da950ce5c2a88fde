package dev.tandem.topology.placement;

import java.util.List;

/** What the planner answers for one pod. */
public sealed interface Ranking {

  /**
   * Nodes, best first; never empty.
   *
   * @param choices the best ones; the planner may leave out nodes that are worse than all of these
   */
  record Ranked(List<Choice> choices) implements Ranking {
    public Ranked {
      choices = List.copyOf(choices);
      if (choices.isEmpty()) {
        throw new IllegalArgumentException("a ranking without a node is a refusal");
      }
    }

    /** The node the pod should go to. */
    public Choice best() {
      return choices.getFirst();
    }
  }

  /**
   * No candidate is acceptable: there is none, or the group asked for a level that none can give.
   *
   * @param reason why, in one line a user can act on
   */
  record Refused(String reason) implements Ranking {}
}
