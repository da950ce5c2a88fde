package dev.tandem.controller.desired;

import dev.tandem.api.LocalityPath;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What should happen to the locality of one pod. Pure. */
public sealed interface DesiredStamp {

  /** Nothing: it is right, or the pod is not ours to stamp, or it is bound nowhere. */
  record AsItIs() implements DesiredStamp {}

  /**
   * The path has to be written.
   *
   * @param path where the pod's node is
   * @param corrects whether another value stands there: a forged one, or the node has moved
   */
  record Write(LocalityPath path, boolean corrects) implements DesiredStamp {}

  /** The pod's node is not known, or nothing is known of its place: the stamp has to wait. */
  record NodeUnknown(String node) implements DesiredStamp {}

  /**
   * Decides by the same two labels as the webhook's entries: the pod's own, else its namespace's.
   *
   * @param optedIn whether a namespace carries the label with {@code "true"}
   * @param localities path of a node; null for one that is not known
   */
  static DesiredStamp of(
      BoundPod pod,
      Predicate<String> optedIn,
      Function<String, @Nullable LocalityPath> localities) {
    String node = pod.node();
    boolean meant =
        pod.inject() == null ? optedIn.test(pod.namespace()) : pod.inject().equals("true");
    if (node == null || pod.over() || !meant) {
      return new AsItIs();
    }
    LocalityPath path = localities.apply(node);
    if (path == null) {
      return new NodeUnknown(node);
    }
    return path.toString().equals(pod.locality())
        ? new AsItIs()
        : new Write(path, pod.locality() != null);
  }
}
