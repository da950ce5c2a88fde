package dev.tandem.cli.up;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentCondition;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * Deployments that were created in the cluster, and their pods: waits until all run, takes them
 * away again. Blocking.
 */
final class Deployed {

  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final long POLL_MILLIS = 50;

  private final KubernetesClient client;
  private final Examples examples;

  private Deployed(KubernetesClient client, Examples examples) {
    this.client = client;
    this.examples = examples;
  }

  static Deployed create(KubernetesClient client, Examples examples) {
    examples.deployments().forEach(deployment -> client.resource(deployment).create());
    return new Deployed(client, examples);
  }

  /** The pods, by name. */
  List<Pod> pods() {
    List<Pod> pods = new ArrayList<>();
    for (String namespace : namespaces()) {
      pods.addAll(client.pods().inNamespace(namespace).list().getItems());
    }
    pods.sort(Comparator.comparing(pod -> pod.getMetadata().getName()));
    return pods;
  }

  private List<String> namespaces() {
    return examples.deployments().stream()
        .map(deployment -> deployment.getMetadata().getNamespace())
        .distinct()
        .toList();
  }

  /**
   * Waits until every pod is ready.
   *
   * @param progress told how many are
   * @throws UpFailure when some are not in time, with what they wait for
   */
  List<Pod> awaitReady(IntConsumer progress) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      List<Pod> pods = pods();
      int ready = (int) pods.stream().filter(Deployed::isReady).count();
      progress.accept(ready);
      if (ready >= examples.pods() && ready == pods.size()) {
        return pods;
      }
      if (System.nanoTime() > deadline) {
        throw new UpFailure(
            ready
                + " of "
                + examples.pods()
                + " pods are ready after "
                + PATIENCE.toSeconds()
                + " s",
            String.join("\n  ", obstacles(pods)));
      }
      Thread.sleep(POLL_MILLIS);
    }
  }

  /**
   * Deletes the Deployments and their pods, which no kubelet runs any more, and waits until they
   * are gone.
   */
  void remove() throws InterruptedException {
    examples.deployments().forEach(deployment -> client.resource(deployment).delete());
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    List<Pod> left = pods();
    for (; !left.isEmpty(); left = pods()) {
      left.forEach(pod -> client.resource(pod).withGracePeriod(0).delete());
      if (System.nanoTime() > deadline) {
        throw new UpFailure(
            left.size() + " pods do not go away",
            "they are "
                + left.stream().map(HasMetadata::getMetadata).map(ObjectMeta::getName).toList());
      }
      Thread.sleep(POLL_MILLIS);
    }
  }

  private List<String> obstacles(List<Pod> pods) {
    List<String> found = new ArrayList<>();
    for (Deployment deployment : examples.deployments()) {
      Deployment now = client.resource(deployment).get();
      if (now != null && now.getStatus() != null) {
        for (DeploymentCondition condition : now.getStatus().getConditions()) {
          if (condition.getType().equals("ReplicaFailure")) {
            found.add(now.getMetadata().getName() + ": " + condition.getMessage());
          }
        }
      }
    }
    for (Pod pod : pods) {
      if (!isReady(pod) && pod.getStatus() != null) {
        for (PodCondition condition : pod.getStatus().getConditions()) {
          if (condition.getStatus().equals("False") && condition.getMessage() != null) {
            found.add(pod.getMetadata().getName() + ": " + condition.getMessage());
            break;
          }
        }
      }
    }
    return found;
  }

  static boolean isReady(Pod pod) {
    return pod.getMetadata().getDeletionTimestamp() == null
        && pod.getStatus() != null
        && pod.getStatus().getConditions().stream()
            .anyMatch(c -> c.getType().equals("Ready") && c.getStatus().equals("True"));
  }
}
