package dev.tandem.cli.controlplane;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Predicate;
import org.awaitility.Awaitility;

/**
 * What becomes of a pod in the embedded control plane. Asks again and again and does not watch: the
 * embedded server may stand still for long when a watch is closed.
 */
public final class EventualPod {

  private EventualPod() {}

  /** The pod of this name in the namespace {@code default}, once it is as told. */
  public static Pod of(KubernetesClient client, String name, Predicate<Pod> condition) {
    return Objects.requireNonNull(
        Awaitility.await(name)
            .atMost(Duration.ofMinutes(1))
            .ignoreExceptions()
            .until(
                () -> client.pods().inNamespace("default").withName(name).get(),
                pod -> pod != null && condition.test(pod)));
  }
}
