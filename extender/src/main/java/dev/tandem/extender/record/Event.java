package dev.tandem.extender.record;

import dev.tandem.extender.decide.Decision;
import dev.tandem.extender.decide.Expected;
import dev.tandem.extender.decide.NodeState;
import dev.tandem.extender.decide.PodFacts;
import dev.tandem.extender.decide.Victims;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the recorder hands to the thread that writes: references to immutable values, so that
 * handing over costs next to nothing.
 */
sealed interface Event {

  /**
   * The whole picture; a segment begins here.
   *
   * @param aside whether generations of nodes are drawn beside the calls
   * @param labels the node labels worth keeping: those some pod selects on; null for all
   */
  record Start(
      long at,
      Configuration configuration,
      List<NodeState> nodes,
      List<Pod> pods,
      List<Expected> expected,
      boolean aside,
      @Nullable Set<String> labels)
      implements Event {}

  record Node(NodeState node) implements Event {}

  record NodeGone(String name) implements Event {}

  /**
   * @param shown when the watch first showed it in its group, epoch milliseconds
   */
  record Pod(PodFacts pod, long shown) implements Event {}

  record PodGone(String uid) implements Event {}

  record Settled(String uid) implements Event {}

  record Looked(int nodes) implements Event {}

  record Drawn(int nodes) implements Event {}

  /** A question and its answer. */
  sealed interface Call extends Event {
    long seq();

    long at();

    long micros();

    PodFacts pod();

    /** How many nodes it is about. */
    int nodes();
  }

  record Filter(
      long seq, long at, long micros, PodFacts pod, List<String> candidates, Decision decision)
      implements Call {
    @Override
    public int nodes() {
      return candidates.size();
    }
  }

  record Prioritize(
      long seq,
      long at,
      long micros,
      PodFacts pod,
      List<String> candidates,
      Map<String, Integer> scores)
      implements Call {
    @Override
    public int nodes() {
      return candidates.size();
    }
  }

  /**
   * @param kept the nodes answered with
   */
  record Preempt(
      long seq, long at, long micros, PodFacts pod, Map<String, Victims> offered, Set<String> kept)
      implements Call {
    @Override
    public int nodes() {
      return offered.size();
    }
  }
}
