package dev.tandem.e2e;

import dev.tandem.api.Keys;
import dev.tandem.api.LocalityPath;
import io.fabric8.kubernetes.api.model.Pod;

/** What the webhook writes on a pod when it is bound. */
final class Stamps {
  private Stamps() {}

  /** Fails where the pod has none, or one that cannot be read. */
  static LocalityPath localityOf(Pod pod) {
    String stamp = pod.getMetadata().getAnnotations().get(Keys.LOCALITY);
    if (stamp == null) {
      throw new AssertionError("pod " + pod.getMetadata().getName() + " has no stamp");
    }
    return switch (LocalityPath.parse(stamp)) {
      case LocalityPath.Valid(LocalityPath path) -> path;
      case LocalityPath.Invalid(String reason) -> throw new AssertionError(stamp + ": " + reason);
    };
  }
}
