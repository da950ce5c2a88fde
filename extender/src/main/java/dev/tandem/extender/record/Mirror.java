package dev.tandem.extender.record;

import dev.tandem.extender.decide.Expected;
import dev.tandem.extender.decide.NodeState;
import dev.tandem.extender.decide.PodFacts;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * References to the nodes and pods the picture holds, so that a segment can begin with them without
 * asking the picture. Used under the recorder's lock.
 */
final class Mirror {
  /** Selectors on more labels than this, and all labels are kept: each new one costs a segment. */
  static final int MOST_LABELS = 64;

  private static final int MOST_EXPECTED = 50_000;

  private final Map<String, NodeState> nodes = new TreeMap<>();
  private final Map<String, Event.Pod> pods = new LinkedHashMap<>();
  private final Set<String> expected = new HashSet<>();
  private final Set<String> selectors = new HashSet<>();
  private boolean newSelector;
  private boolean aside;
  private boolean undrawn;
  private boolean drawing;
  private @Nullable Configuration configuration;

  /** What a change comes to: an event, or null if nothing is different from before. */
  interface Step {
    @Nullable Event take();
  }

  @Nullable Event node(NodeState node) {
    NodeState before = nodes.put(node.facts().name(), node);
    if (node.equals(before)) {
      return null;
    }
    undrawn |= before == null || !before.facts().equals(node.facts());
    return new Event.Node(node);
  }

  @Nullable Event nodeGone(String name) {
    if (nodes.remove(name) == null) {
      return null;
    }
    undrawn = true;
    return new Event.NodeGone(name);
  }

  /**
   * @param now epoch milliseconds
   */
  @Nullable Event pod(PodFacts pod, long now) {
    if (!pod.matters()) {
      return podGone(pod.uid());
    }
    newSelector |= selects(pod);
    Event.Pod before = pods.get(pod.uid());
    if (before != null && before.pod().equals(pod)) {
      return null;
    }
    long shown =
        before != null && Objects.equals(before.pod().groupKey(), pod.groupKey())
            ? before.shown()
            : now;
    Event.Pod event = new Event.Pod(pod, shown);
    pods.put(pod.uid(), event);
    return event;
  }

  @Nullable Event podGone(String uid) {
    return pods.remove(uid) == null ? null : new Event.PodGone(uid);
  }

  /** Generations of nodes are drawn beside the calls, which go on with the one before. */
  void drawnAside() {
    aside = true;
  }

  Event looked() {
    undrawn = false;
    drawing = true;
    return new Event.Looked(nodes.size());
  }

  Event drawn() {
    drawing = false;
    return new Event.Drawn(nodes.size());
  }

  /** Whether questions see the nodes as they are here, so that a segment can begin with them. */
  boolean drawnAsIs() {
    return !aside || !(undrawn || drawing);
  }

  /** An answer made the decider expect a pod somewhere. */
  void expected(String uid) {
    if (expected.size() >= MOST_EXPECTED) {
      expected.clear(); // those that ran out stay in here; the next segment begins with the rest
    }
    expected.add(uid);
  }

  /** Whether the end of this expectation can matter. */
  boolean settled(String uid) {
    return expected.remove(uid);
  }

  /** Whether the pod selects nodes by a label that is not kept yet; from now on it is. */
  boolean selects(PodFacts pod) {
    return pod.ask() != null
        && selectors.size() <= MOST_LABELS
        && selectors.addAll(pod.nodeSelector().keySet());
  }

  /** Whether a pod came that selects nodes by a label which the segment lacks. */
  boolean newSelector() {
    return newSelector;
  }

  boolean configuredAs(Configuration now) {
    return now == configuration || now.equals(configuration);
  }

  /** Everything, as a segment begins with it. */
  Event.Start start(long at, Configuration now, List<Expected> stillExpected) {
    configuration = now;
    newSelector = false;
    expected.clear();
    stillExpected.forEach(e -> expected.add(e.pod().uid()));
    return new Event.Start(
        at,
        now,
        new ArrayList<>(nodes.values()),
        new ArrayList<>(pods.values()),
        List.copyOf(stillExpected),
        aside,
        selectors.size() > MOST_LABELS ? null : Set.copyOf(selectors));
  }
}
