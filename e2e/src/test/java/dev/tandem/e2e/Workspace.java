package dev.tandem.e2e;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Map;
import java.util.Optional;

/** One scenario's own namespace; closing it gives the room of its pods back. */
final class Workspace implements AutoCloseable {
  private final KubernetesClient client;
  private final String namespace;

  private Workspace(KubernetesClient client, String namespace) {
    this.client = client;
    this.namespace = namespace;
  }

  static Workspace create(KubernetesClient client, String namespace, Map<String, String> labels) {
    client
        .resource(
            new NamespaceBuilder()
                .withNewMetadata()
                .withName(namespace)
                .withLabels(labels)
                .endMetadata()
                .build())
        .create();
    // Pods are refused until their account is there; a controller makes it.
    Eventually.becomes(
        "account default in " + namespace,
        () -> client.serviceAccounts().inNamespace(namespace).list().getItems(),
        accounts -> !accounts.isEmpty());
    return new Workspace(client, namespace);
  }

  String namespace() {
    return namespace;
  }

  /** A pod that has nothing to do with us. */
  PodBuilder plainPod(String name) {
    return new PodBuilder()
        .withNewMetadata()
        .withNamespace(namespace)
        .withName(name)
        .endMetadata()
        .withNewSpec()
        .addNewContainer()
        .withName("work")
        .withImage("work")
        .endContainer()
        .endSpec();
  }

  Pod create(Pod pod) {
    return client.resource(pod).create();
  }

  Pod get(String name) {
    Pod pod = client.pods().inNamespace(namespace).withName(name).get();
    if (pod == null) {
      throw new AssertionError("no pod " + name + " in " + namespace);
    }
    return pod;
  }

  /** Waits until a scheduler has bound the pod. */
  Pod bound(String name) {
    return Eventually.becomes("bound", () -> get(name), pod -> pod.getSpec().getNodeName() != null);
  }

  /** Waits until a scheduler has said why it does not place the pod. */
  PodCondition refused(String name) {
    Pod pod = Eventually.becomes("refused", () -> get(name), p -> refusal(p).isPresent());
    return refusal(pod).orElseThrow();
  }

  private static Optional<PodCondition> refusal(Pod pod) {
    return pod.getStatus().getConditions().stream()
        .filter(c -> c.getType().equals("PodScheduled") && c.getStatus().equals("False"))
        .findFirst();
  }

  @Override
  public void close() {
    // No kubelet confirms the end of a pod here.
    client.pods().inNamespace(namespace).withGracePeriod(0).delete();
    client.namespaces().withName(namespace).delete();
  }
}
