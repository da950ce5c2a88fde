package dev.tandem.extender.decide;

import java.time.Clock;
import java.util.HashMap;
import java.util.Map;

/**
 * When the watch first showed each pod of a group, by the clock decisions go by: creation times are
 * the API server's, whose clock may be minutes from this one. Holds an entry a pod. One thread.
 */
final class FirstShown {
  private final Clock clock;
  private final boolean forgetful;
  private final Map<String, Long> byUid;

  private FirstShown(Clock clock, boolean forgetful, Map<String, Long> byUid) {
    this.clock = clock;
    this.forgetful = forgetful;
    this.byUid = byUid;
  }

  FirstShown(Clock clock) {
    this(clock, true, new HashMap<>());
  }

  /** For what-if questions, in which pods go and come back as if nothing had been. */
  FirstShown unforgetting() {
    return new FirstShown(clock, false, new HashMap<>(byUid));
  }

  void shown(PodFacts pod) {
    byUid.putIfAbsent(pod.uid(), clock.millis());
  }

  void gone(String uid) {
    if (forgetful) {
      byUid.remove(uid);
    }
  }

  /** Epoch milliseconds; of a pod that was not shown, now. */
  long of(PodFacts pod) {
    Long shown = byUid.get(pod.uid());
    return shown == null ? clock.millis() : shown;
  }
}
