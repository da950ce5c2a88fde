package dev.tandem.e2e;

import dev.tandem.cli.controlplane.RealControlPlane;
import dev.tandem.cli.kubelet.Kubelet;
import dev.tandem.cli.kubelet.KubeletOptions;
import io.fabric8.kubernetes.client.KubernetesClient;

/**
 * The namespace of the examples with the rights of its routers, and a kubelet that runs its pods.
 */
final class ServingNamespace implements AutoCloseable {
  static final String NAME = "llm";

  private final KubernetesClient client;
  private final Kubelet kubelet;

  private ServingNamespace(KubernetesClient client, Kubelet kubelet) {
    this.client = client;
    this.kubelet = kubelet;
  }

  static ServingNamespace start(RealControlPlane plane, KubeletOptions options) {
    KubernetesClient client = plane.client();
    Kubectl kubectl = new Kubectl(plane);
    kubectl.run("apply", "-f", "manifests/examples/namespace.yaml");
    kubectl.run("apply", "-k", "e2e/src/test/manifests/router-rights");
    Eventually.becomes(
        "the account of the pods",
        () -> client.serviceAccounts().inNamespace(NAME).list().getItems(),
        accounts -> !accounts.isEmpty());
    return new ServingNamespace(
        client, Kubelet.start(client, plane.kubeconfigOfServiceAccount(NAME, "default"), options));
  }

  /**
   * Removes it. Whoever makes it next finds the name free; the kubelet confirms each pod's end
   * until then.
   */
  @Override
  public void close() {
    client.namespaces().withName(NAME).delete();
    Eventually.becomes(
        "without the namespace of the examples",
        () -> client.namespaces().list().getItems(),
        left -> left.stream().noneMatch(n -> n.getMetadata().getName().equals(NAME)));
    kubelet.close();
  }
}
