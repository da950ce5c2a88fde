package dev.tandem.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.api.Keys;
import dev.tandem.cli.controlplane.RealControlPlane;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ControlPlaneExtension.class)
final class BadAnnotationIT {
  private static InstalledWebhook webhook;
  private static Workspace workspace;

  @BeforeAll
  static void install(RealControlPlane plane) {
    webhook = InstalledWebhook.start(plane);
    workspace = Workspace.create(plane.client(), "bad-annotation", Map.of(Keys.INJECT, "true"));
  }

  @AfterAll
  static void uninstall() {
    workspace.close();
    webhook.close();
  }

  @Test
  void aRefusalNamesEveryAnnotationItsValueAndWhatWouldBeAccepted() {
    Pod pod =
        Examples.vllmPod(
            workspace.namespace(),
            "mistaken",
            Map.of(Keys.ROLE, "prefiller", Keys.KV_BYTES_PER_TOKEN, "plenty"));

    assertThatThrownBy(() -> workspace.create(pod))
        .isInstanceOf(KubernetesClientException.class)
        .hasMessageContaining("production-stack.vllm.ai/role")
        .hasMessageContaining("prefiller")
        .hasMessageContaining("prefill, decode, both")
        .hasMessageContaining("production-stack.vllm.ai/kv-bytes-per-token")
        .hasMessageContaining("plenty");
  }

  @Test
  void aMisspeltLabelIsRefusedAndNotOverlooked() {
    Pod pod = Examples.vllmPod(workspace.namespace(), "misspelt", Map.of());
    pod.getMetadata().setLabels(Map.of(Keys.INJECT, "yes"));

    assertThatThrownBy(() -> workspace.create(pod))
        .hasMessageContaining("production-stack.vllm.ai/inject")
        .hasMessageContaining("yes");
  }

  @Test
  void aPodWithoutProblemsIsInjected() {
    Pod created =
        workspace.create(
            Examples.vllmPod(workspace.namespace(), "right", Map.of(Keys.ROLE, "both")));

    assertThat(created.getMetadata().getAnnotations()).containsKey(Keys.INJECTED);
    assertThat(created.getSpec().getInitContainers())
        .singleElement()
        .satisfies(sidecar -> assertThat(sidecar.getName()).isEqualTo("tandem-router"));
  }
}
