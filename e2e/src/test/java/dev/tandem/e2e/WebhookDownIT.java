package dev.tandem.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.cli.controlplane.RealControlPlane;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The webhook is registered and does not answer. */
@ExtendWith(ControlPlaneExtension.class)
final class WebhookDownIT {
  private static InstalledWebhook webhook;
  private static Workspace workspace;

  @BeforeAll
  static void installAndCrash(RealControlPlane plane) {
    webhook = InstalledWebhook.start(plane);
    workspace = Workspace.create(plane.client(), "webhook-down", Map.of());
    webhook.crash();
  }

  @AfterAll
  static void uninstall() {
    workspace.close();
    webhook.close();
  }

  @Test
  void podsWithoutOurLabelAreUntouched() {
    workspace.create(workspace.plainPod("plain").build());

    Pod bound = workspace.bound("plain");

    assertThat(bound.getMetadata().getAnnotations()).isNullOrEmpty();
    assertThat(bound.getSpec().getInitContainers()).isEmpty();
  }

  /** The documented price of failing open: see manifests/README.md. */
  @Test
  void podsWithOurLabelAreCreatedAsTheyWereWritten() {
    Pod pod = Examples.labelled(Examples.vllmPod(workspace.namespace(), "labelled", Map.of()));

    Pod created = workspace.create(pod);

    assertThat(created.getSpec().getInitContainers()).isEmpty();
    assertThat(created.getSpec().getSchedulerName()).isEqualTo("default-scheduler");
    assertThat(workspace.bound("labelled").getSpec().getNodeName()).startsWith("gpu-");
  }
}
