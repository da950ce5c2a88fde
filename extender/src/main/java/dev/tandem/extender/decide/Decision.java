package dev.tandem.extender.decide;

import dev.tandem.topology.placement.Choice;
import java.util.List;
import java.util.Map;

/** What a filter call comes to. */
public sealed interface Decision {

  /** The pod is none of ours: every candidate stays, in the order it came. */
  record PassedThrough() implements Decision {}

  /**
   * The pod is ours, and all these nodes are as good for it: its partners are unknown, or every
   * link costs the same. The scheduler chooses as it would without us.
   *
   * @param nodes candidates that nobody waits for, never empty
   * @param dropped unknown candidates with their own reason
   * @param reason why, in one line
   */
  record Indifferent(List<String> nodes, Map<String, String> dropped, String reason)
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
   * @param reason why, in one line
   * @param dropped unknown candidates with their own reason
   */
  record Refused(String reason, Map<String, String> dropped) implements Decision {
    public Refused {
      dropped = Map.copyOf(dropped);
    }
  }
}
