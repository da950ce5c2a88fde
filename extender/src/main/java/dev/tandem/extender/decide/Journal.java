package dev.tandem.extender.decide;

import dev.tandem.topology.placement.Choice;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The last decisions of each pod, for people who ask why. At most {@value #PODS} pods, the least
 * recently decided making way, and {@value #ENTRIES} decisions a pod; of pods that are passed
 * through, as many and one each. Safe for many threads.
 */
public final class Journal {
  static final int PODS = 4096;
  static final int ENTRIES = 5;
  static final int ALTERNATIVES = 5;
  static final String PASSED_THROUGH = "passed-through";

  /**
   * One decision.
   *
   * @param atMillis when, epoch milliseconds
   * @param pod the pod as it was asked about
   * @param outcome {@code chosen}, {@code refused} or {@code passed-through}
   * @param candidates nodes the scheduler offered
   * @param node the node we expect it on, or null
   * @param seconds predicted transfer of the group's reference prompt
   * @param reason why, in one line
   * @param best the best nodes with their predicted transfer, at most {@value #ALTERNATIVES}
   */
  public record Entry(
      long atMillis,
      PodFacts pod,
      String outcome,
      int candidates,
      @Nullable String node,
      double seconds,
      String reason,
      List<Choice> best) {
    public Entry {
      best = List.copyOf(best);
    }

    /** The pod's UID. */
    public String uid() {
      return pod.uid();
    }
  }

  private final Map<String, ArrayDeque<Entry>> byPod = new LinkedHashMap<>(64, 0.75f, true);
  private final Map<String, Entry> passed = new LinkedHashMap<>(64, 0.75f, true);

  synchronized void record(String pod, Entry entry) {
    ArrayDeque<Entry> entries = byPod.computeIfAbsent(pod, p -> new ArrayDeque<>());
    entries.addFirst(entry);
    if (entries.size() > ENTRIES) {
      entries.removeLast();
    }
    if (byPod.size() > PODS) {
      byPod.remove(byPod.keySet().iterator().next());
    }
  }

  /** Notes that every node was left to a pod that asks nothing of us. */
  synchronized void passedThrough(PodFacts pod, int candidates, long atMillis) {
    passed.put(
        pod.key(),
        new Entry(
            atMillis,
            pod,
            PASSED_THROUGH,
            candidates,
            null,
            0,
            "asks nothing of us, so that every node was left to the scheduler",
            List.of()));
    if (passed.size() > PODS) {
      passed.remove(passed.keySet().iterator().next());
    }
  }

  /** The decisions of {@code namespace/name}, newest first; empty if there are none. */
  public synchronized List<Entry> of(String pod) {
    ArrayDeque<Entry> entries = byPod.get(pod);
    if (entries != null) {
      return new ArrayList<>(entries);
    }
    Entry entry = passed.get(pod);
    return entry == null ? List.of() : List.of(entry);
  }

  /** The newest decision that named a node, for the pod with this UID. */
  synchronized @Nullable Entry chosen(String pod, String uid) {
    for (Entry entry : of(pod)) {
      if (entry.uid().equals(uid) && entry.node() != null) {
        return entry;
      }
    }
    return null;
  }
}
