package dev.tandem.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.api.Keys;
import dev.tandem.cli.controlplane.RealControlPlane;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a pod's owner is told, and what a dry run leaves. */
@ExtendWith(ControlPlaneExtension.class)
final class AdmissionEventsIT {
  private static InstalledWebhook webhook;
  private static Workspace workspace;
  private static KubernetesClient client;

  @BeforeAll
  static void install(RealControlPlane plane) {
    client = plane.client();
    webhook = InstalledWebhook.start(plane);
    workspace = Workspace.create(client, "admission-events", Map.of(Keys.INJECT, "true"));
  }

  @AfterAll
  static void uninstall() {
    workspace.close();
    webhook.close();
  }

  @Test
  void aDryRunIsAnsweredInFullAndLeavesNothing() {
    Pod tried = client.resource(owned("tried", Map.of())).dryRun(true).create();
    assertThat(tried.getSpec().getInitContainers()).hasSize(1);

    workspace.create(owned("meant", Map.of()));

    // Events are written one after another: the dry run's would have come before this one.
    assertThat(awaitEvent("meant").getReason()).isEqualTo("Injected");
    assertThat(events("tried")).isEmpty();
    assertThat(client.pods().inNamespace(workspace.namespace()).withName("tried").get()).isNull();
  }

  @Test
  void anOwnerWhosePodIsRefusedIsToldEveryReason() {
    Pod pod = owned("refused", Map.of(Keys.ROLE, "prefiller", Keys.PORT, "http"));

    assertThatThrownBy(() -> workspace.create(pod)).hasMessageContaining("prefiller");

    Event event = awaitEvent("refused");
    assertThat(event.getType()).isEqualTo("Warning");
    assertThat(event.getReason()).isEqualTo("InjectionRefused");
    assertThat(event.getMessage()).contains(Keys.ROLE, "prefiller", Keys.PORT, "http");
  }

  private static Event awaitEvent(String owner) {
    return Eventually.becomes("an event on " + owner, () -> events(owner), list -> !list.isEmpty())
        .getFirst();
  }

  private static List<Event> events(String owner) {
    return client.v1().events().inNamespace(workspace.namespace()).list().getItems().stream()
        .filter(event -> owner.equals(event.getInvolvedObject().getName()))
        .toList();
  }

  /** A pod of a ReplicaSet of the same name. */
  private static Pod owned(String name, Map<String, String> annotations) {
    return new PodBuilder(Examples.vllmPod(workspace.namespace(), name, annotations))
        .editMetadata()
        .addNewOwnerReference()
        .withApiVersion("apps/v1")
        .withKind("ReplicaSet")
        .withName(name)
        .withUid(UUID.randomUUID().toString())
        .withController(true)
        .endOwnerReference()
        .endMetadata()
        .build();
  }
}
