package dev.tandem.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.api.Keys;
import dev.tandem.cli.controlplane.RealControlPlane;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** {@code kubectl apply --dry-run=server} of a pod some controller owns. */
@ExtendWith(ControlPlaneExtension.class)
final class DryRunIT {
  private static InstalledAdmission admission;
  private static Workspace workspace;

  @BeforeAll
  static void install(RealControlPlane plane) {
    admission = InstalledAdmission.start(plane, "dry-run");
    workspace = admission.optedIn();
  }

  @AfterAll
  static void uninstall() {
    admission.close();
  }

  @Test
  void itShowsTheInjectedPodAndLeavesNeitherAPodNorAnEvent(RealControlPlane plane) {
    KubernetesClient client = plane.client();

    Pod shown = Examples.dryRun(client, owned(client, "tried", Map.of()));
    assertThatThrownBy(
            () -> Examples.dryRun(client, owned(client, "refused", Map.of(Keys.ROLE, "prefiller"))))
        .hasMessageContaining("prefiller");
    workspace.create(owned(client, "real", Map.of()));

    assertThat(shown.getMetadata().getAnnotations()).containsKey(Keys.INJECTED);
    // Events are written in turn: were there one of the dry runs, it would be there by now.
    Eventually.becomes("told", () -> events(client, "real"), told -> !told.isEmpty());
    assertThat(events(client, "tried")).isEmpty();
    assertThat(events(client, "refused")).isEmpty();
    assertThat(client.pods().inNamespace(workspace.namespace()).list().getItems())
        .extracting(pod -> pod.getMetadata().getName())
        .containsExactly("real");
  }

  private static List<Event> events(KubernetesClient client, String owner) {
    return client.v1().events().inNamespace(workspace.namespace()).list().getItems().stream()
        .filter(event -> event.getInvolvedObject().getName().equals(owner))
        .filter(event -> event.getInvolvedObject().getKind().equals("ConfigMap"))
        .toList();
  }

  /** Each with an owner of its own, since equal events are written once. */
  private static Pod owned(KubernetesClient client, String name, Map<String, String> annotations) {
    String uid =
        client
            .resource(
                new ConfigMapBuilder()
                    .withNewMetadata()
                    .withNamespace(workspace.namespace())
                    .withName(name)
                    .endMetadata()
                    .build())
            .create()
            .getMetadata()
            .getUid();
    Pod pod = Examples.vllmPod(workspace.namespace(), name, annotations);
    pod.getMetadata()
        .setOwnerReferences(
            List.of(
                new OwnerReferenceBuilder()
                    .withApiVersion("v1")
                    .withKind("ConfigMap")
                    .withName(name)
                    .withUid(uid)
                    .withController(true)
                    .build()));
    return pod;
  }
}
