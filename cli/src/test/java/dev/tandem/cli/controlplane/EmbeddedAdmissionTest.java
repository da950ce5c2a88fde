package dev.tandem.cli.controlplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.api.Keys;
import dev.tandem.webhook.Webhook;
import dev.tandem.webhook.WebhookConfig;
import io.fabric8.kubernetes.api.model.Binding;
import io.fabric8.kubernetes.api.model.BindingBuilder;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The embedded API server's admission against the real webhook. */
class EmbeddedAdmissionTest {

  private EmbeddedControlPlane controlPlane;
  private KubernetesClient client;
  private Webhook webhook;
  private AdmissionClient admission;

  @BeforeEach
  void start() throws InterruptedException {
    controlPlane = EmbeddedControlPlane.start(1);
    client = controlPlane.client();
    client
        .resource(
            new NamespaceBuilder()
                .withNewMetadata()
                .withName("llm")
                .addToLabels(Keys.INJECT, "true")
                .endMetadata()
                .build())
        .create();
    client
        .resource(
            new NodeBuilder()
                .withNewMetadata()
                .withName("gpu-0")
                .addToLabels("nvidia.com/gpu.clique", "n0")
                .endMetadata()
                .build())
        .create();
    webhook = Webhook.start(WebhookConfig.local(0), client);
    assertThat(webhook.awaitReady(Duration.ofSeconds(30))).isTrue();
    admission = new AdmissionClient(client);
  }

  @AfterEach
  void stop() {
    webhook.close();
    controlPlane.close();
  }

  @Test
  void anOptedInPodComesBackWithItsSidecar() throws AdmissionDenied {
    Pod admitted = admission.pod(pod("llm", "prefill"), "someone");

    assertThat(admitted.getSpec().getInitContainers())
        .extracting(Container::getName)
        .containsExactly("tandem-router");
    assertThat(admitted.getSpec().getSchedulerName()).isEqualTo("tandem");
  }

  @Test
  void aPodOfANamespaceThatDidNotOptInIsLeftAlone() throws AdmissionDenied {
    Pod pod = pod("default", "prefill");

    assertThat(admission.pod(pod, "someone").getSpec().getInitContainers()).isEmpty();
  }

  @Test
  void aBadAnnotationIsRefusedInWordsThatNameIt() {
    assertThatThrownBy(() -> admission.pod(pod("llm", "prefil"), "someone"))
        .isInstanceOf(AdmissionDenied.class)
        .hasMessageContaining(Keys.ROLE)
        .hasMessageContaining("prefil")
        .hasMessageContaining("decode");
  }

  @Test
  void aBindingOfOurSchedulerIsStamped() throws AdmissionDenied {
    Binding admitted =
        admission.binding(binding(), "system:serviceaccount:tandem-system:tandem-scheduler");

    assertThat(admitted.getMetadata().getAnnotations().get(Keys.LOCALITY))
        .contains("nvlink=n0")
        .contains("node=gpu-0");
  }

  @Test
  void aBindingOfAnotherSchedulerIsStampedWhereTheNamespaceOptedIn() throws AdmissionDenied {
    Binding admitted = admission.binding(binding(), "system:kube-scheduler");

    assertThat(admitted.getMetadata().getAnnotations()).containsKey(Keys.LOCALITY);
  }

  @Test
  void podsAreCreatedUntouchedWhenTheWebhookIsDown() throws AdmissionDenied {
    webhook.close();

    Pod admitted = admission.pod(pod("llm", "prefill"), "someone");

    assertThat(admitted.getSpec().getInitContainers()).isEmpty();
  }

  private static Binding binding() {
    return new BindingBuilder()
        .withNewMetadata()
        .withName("p")
        .withNamespace("llm")
        .endMetadata()
        .withNewTarget()
        .withApiVersion("v1")
        .withKind("Node")
        .withName("gpu-0")
        .endTarget()
        .build();
  }

  private static Pod pod(String namespace, String role) {
    Pod pod =
        new PodBuilder()
            .withNewMetadata()
            .withName("p")
            .withNamespace(namespace)
            .addToAnnotations(Keys.ROLE, role)
            .addToAnnotations(Keys.GROUP, "g")
            .endMetadata()
            .withNewSpec()
            .addNewContainer()
            .withName("vllm")
            .withImage("vllm/vllm-openai:v0.26.0")
            .withArgs("--model=meta-llama/Llama-3.1-8B-Instruct")
            .addNewPort()
            .withName("http")
            .withContainerPort(8000)
            .endPort()
            .endContainer()
            .endSpec()
            .build();
    pod.setSpec(PodDefaults.applied(pod.getSpec()));
    return pod;
  }
}
