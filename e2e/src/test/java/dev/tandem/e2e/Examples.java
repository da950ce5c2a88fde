package dev.tandem.e2e;

import dev.tandem.api.Keys;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Map;

/** Pods as users write them. */
final class Examples {
  private Examples() {}

  /** A vLLM pod that serves alone, on one GPU, and is given to the default scheduler. */
  static Pod vllmPod(String namespace, String name, Map<String, String> annotations) {
    return new PodBuilder()
        .withNewMetadata()
        .withNamespace(namespace)
        .withName(name)
        .withAnnotations(annotations)
        .endMetadata()
        .withNewSpec()
        .addNewContainer()
        .withName("vllm")
        .withImage("vllm/vllm-openai:v0.26.0")
        .withArgs("--model=meta-llama/Llama-3.1-8B-Instruct", "--served-model-name=llama-3.1-8b")
        .addNewPort()
        .withName("http")
        .withContainerPort(8000)
        .endPort()
        .withNewResources()
        .addToLimits("nvidia.com/gpu", new io.fabric8.kubernetes.api.model.Quantity("1"))
        .endResources()
        .endContainer()
        .endSpec()
        .build();
  }

  /**
   * What a ValidatingAdmissionPolicy or a webhook of ours may refuse is asked for without effect.
   */
  static Pod dryRun(KubernetesClient client, Pod pod) {
    return client.resource(pod).dryRun(true).create();
  }

  /** An API server learns of a webhook by watching its configuration, and fails open until then. */
  static void awaitInjected(KubernetesClient client) {
    Pod pod = labelled(vllmPod("default", "probe", Map.of()));
    Eventually.becomes("injected", () -> injects(client, pod), injected -> injected);
  }

  private static boolean injects(KubernetesClient client, Pod pod) {
    try {
      return !dryRun(client, pod).getSpec().getInitContainers().isEmpty();
    } catch (KubernetesClientException refused) { // by a policy, or for want of the webhook
      return false;
    }
  }

  /** The same pod, labelled so that it is injected wherever it is. */
  static Pod labelled(Pod pod) {
    return new PodBuilder(pod)
        .editMetadata()
        .addToLabels(Keys.INJECT, "true")
        .endMetadata()
        .build();
  }
}
