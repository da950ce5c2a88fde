package dev.tandem.extender.decide;

import dev.tandem.topology.placement.Choice;
import java.util.List;
import java.util.Map;

/** What a filter call comes to. */
public sealed interface Decision {

  /** Why no node was singled out; few enough to be counted by. */
  enum Cause {
    /** The pod names no group, so its partners are unknown. */
    NO_GROUP("no-group"),
    /** Every link the group could use costs the same. */
    EQUAL_LINKS("equal-links"),
    /** The scheduler offered no node. */
    NO_CANDIDATES("no-candidates"),
    /** The node watch knows none of the nodes offered. */
    UNKNOWN_NODES("unknown-nodes"),
    /** No place of the level the group requires has room. */
    REQUIRED_LEVEL("required-level");

    private final String label;

    Cause(String label) {
      this.label = label;
    }

    /** The value in metrics. */
    public String label() {
      return label;
    }
  }

  /** The pod is none of ours: every candidate stays, in the order it came. */
  record PassedThrough() implements Decision {}

  /**
   * The pod is ours, and all these nodes are as good for it: its partners are unknown, or every
   * link costs the same. The scheduler chooses as it would without us.
   *
   * @param nodes candidates that nobody waits for, never empty
   * @param dropped unknown candidates with their own reason
   * @param cause what kind of reason it is
   * @param reason why, in one line
   */
  record Indifferent(List<String> nodes, Map<String, String> dropped, Cause cause, String reason)
      implements Decision {
    public Indifferent {
      nodes = List.copyOf(nodes);
      dropped = Map.copyOf(dropped);
    }
  }

  /**
   * The best nodes.
   *
   * @param choices best first, never empty
   * @param dropped candidates that cannot take the pod, with the reason; those only left out of the
   *     short list are not named
   */
  record Chosen(List<Choice> choices, Map<String, String> dropped) implements Decision {
    public Chosen {
      choices = List.copyOf(choices);
      dropped = Map.copyOf(dropped);
    }
  }

  /**
   * No node will do.
   *
   * @param cause what kind of reason it is
   * @param reason why, in one line
   * @param dropped unknown candidates with their own reason
   */
  record Refused(Cause cause, String reason, Map<String, String> dropped) implements Decision {
    public Refused {
      dropped = Map.copyOf(dropped);
    }
  }
}
