package dev.tandem.extender.decide;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where pods are expected to go: remembered by UID for seconds, until the watch shows the pod bound
 * or gone. kube-scheduler never tells an extender which node it chose, and its what-if questions
 * cannot be told from real ones, so an expectation that is not confirmed just runs out.
 *
 * <p>At most {@code limit} entries; the oldest make way. Safe for many threads.
 */
final class Expectations {
  private final Map<String, Expected> byUid = new LinkedHashMap<>();
  private final Duration life;
  private final int limit;
  private final Clock clock;

  Expectations(Duration life, int limit, Clock clock) {
    this.life = life;
    this.limit = limit;
    this.clock = clock;
  }

  void expect(PodFacts pod, String node) {
    add(new Expected(pod, node, clock.millis() + life.toMillis()));
  }

  synchronized void add(Expected expected) {
    byUid.remove(expected.pod().uid());
    while (byUid.size() >= limit) {
      byUid.remove(byUid.keySet().iterator().next());
    }
    byUid.put(expected.pod().uid(), expected);
  }

  /** The watch has told where the pod is, or that it is gone. */
  synchronized void settled(String uid) {
    byUid.remove(uid);
  }

  /** What is still expected, oldest first. */
  synchronized List<Expected> current() {
    long now = clock.millis();
    byUid.values().removeIf(expected -> over(expected, now));
    return new ArrayList<>(byUid.values());
  }

  /** One that ends later than any can was made before the clock was set back. */
  private boolean over(Expected expected, long now) {
    return expected.untilMillis() <= now || expected.untilMillis() > now + life.toMillis();
  }

  synchronized int size() {
    return byUid.size();
  }
}
