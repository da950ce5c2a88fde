package dev.tandem.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.api.Keys;
import dev.tandem.cli.controlplane.RealControlPlane;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** {@code manifests/fail-closed}, whose webhook goes away. */
@ExtendWith(ControlPlaneExtension.class)
final class FailClosedIT {
  private static final String WAITS = "waits";

  private static InstalledWebhook webhook;
  private static Workspace optedIn;
  private static Workspace other;
  private static KubernetesClient client;

  @BeforeAll
  static void installAndCrash(RealControlPlane plane) {
    // A failed call is status 500, which the client would try again for half a minute.
    client =
        new KubernetesClientBuilder()
            .withConfig(
                new ConfigBuilder(plane.client().getConfiguration())
                    .withRequestRetryBackoffLimit(0)
                    .build())
            .build();
    webhook = InstalledWebhook.start(plane, "manifests/fail-closed");
    optedIn = Workspace.create(client, "fail-closed", Map.of(Keys.INJECT, "true"));
    other = Workspace.create(client, "fail-closed-other", Map.of());
    optedIn.create(gated());
    webhook.crash();
  }

  @AfterAll
  static void uninstall() {
    optedIn.close();
    other.close();
    webhook.close();
    client.close();
  }

  @Test
  void aPodThatOptedInIsRefusedForWantOfTheWebhook() {
    assertThatThrownBy(
            () -> optedIn.create(Examples.vllmPod(optedIn.namespace(), "refused", Map.of())))
        .hasMessageContaining("failed calling webhook \"namespace-pods.production-stack.vllm.ai\"");
    assertThatThrownBy(() ->
            other.create(
                Examples.labelled(Examples.vllmPod(other.namespace(), "refused", Map.of()))))
        .hasMessageContaining("failed calling webhook \"labelled-pods.production-stack.vllm.ai\"");
  }

  @Test
  void everybodyElsesPodsAreCreated() {
    other.create(other.plainPod("plain").build());

    assertThat(other.bound("plain").getMetadata().getAnnotations()).isNullOrEmpty();
  }

  /** A bind must not wait: the pod runs unstamped until the controller sees it. */
  @Test
  void bindsGoOn() {
    client
        .pods()
        .inNamespace(optedIn.namespace())
        .withName(WAITS)
        .edit(pod -> new PodBuilder(pod).editSpec().withSchedulingGates().endSpec().build());

    Pod bound = optedIn.bound(WAITS);

    assertThat(bound.getMetadata().getAnnotations())
        .containsKey(Keys.INJECTED)
        .doesNotContainKey(Keys.LOCALITY);
  }

  private static Pod gated() {
    return new PodBuilder(
            Examples.vllmPod("fail-closed", WAITS, Map.of(Keys.KEEP, "schedulerName")))
        .editSpec()
        .addNewSchedulingGate("example.com/later")
        .endSpec()
        .build();
  }
}
