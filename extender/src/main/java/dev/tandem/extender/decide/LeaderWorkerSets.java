package dev.tandem.extender.decide;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads which pods a LeaderWorkerSet makes one engine of. Values that are no numbers are passed
 * over: the controller writes them, and a pod that lies gains nothing but its own placement.
 *
 * <p>Source of the keys: kubernetes-sigs/lws api/leaderworkerset/v1/leaderworkerset_types.go.
 */
public final class LeaderWorkerSets {
  /** Label: the LeaderWorkerSet. */
  private static final String NAME = "leaderworkerset.sigs.k8s.io/name";

  /** Label: which of its replicas, each one engine. */
  private static final String REPLICA = "leaderworkerset.sigs.k8s.io/group-index";

  /** Annotation: pods of a replica, its leader included. */
  private static final String SIZE = "leaderworkerset.sigs.k8s.io/size";

  private LeaderWorkerSets() {}

  /** The engine a pod is part of, or null if it is one by itself. */
  public static PodFacts.@Nullable Engine engine(
      Map<String, String> annotations, Map<String, String> labels) {
    String name = labels.get(NAME);
    String replica = labels.get(REPLICA);
    String size = annotations.get(SIZE);
    if (name == null || replica == null || size == null) {
      return null;
    }
    try {
      int pods = Integer.parseInt(size);
      return pods < 2 || pods > PodFacts.Engine.MOST_PODS
          ? null
          : new PodFacts.Engine(name + "/" + replica, pods);
    } catch (NumberFormatException e) {
      return null;
    }
  }
}
