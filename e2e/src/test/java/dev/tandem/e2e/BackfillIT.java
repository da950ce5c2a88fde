package dev.tandem.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.api.Keys;
import dev.tandem.cli.controlplane.RealControlPlane;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Pods bound past the webhook, which is away, by a scheduler that knows nothing of us. Two replicas
 * of the controller run under the account the manifests give them, and the policies hold.
 */
@ExtendWith(ControlPlaneExtension.class)
final class BackfillIT {
  private static final String LEAF = "network.topology.nvidia.com/leaf";

  private static InstalledAdmission admission;
  private static Workspace optedIn;
  private static Workspace other;
  private static InstalledController first;
  private static InstalledController second;
  private static KubernetesClient client;

  @BeforeAll
  static void install(RealControlPlane plane) {
    client = plane.client();
    admission = InstalledAdmission.start(plane, "backfilled");
    admission.webhook().crash();
    optedIn = admission.optedIn();
    other = Workspace.create(client, "not-backfilled", Map.of());
    first = InstalledController.start(plane, "first");
    Eventually.becomes(
        "the first leads", () -> first.metric("tandem_controller_leader"), l -> l == 1);
    second = InstalledController.start(plane, "second");
  }

  @AfterAll
  static void uninstall() {
    first.close();
    second.close();
    other.close();
    admission.close();
  }

  @Test
  void aPodOfAnOptedInNamespaceBoundWhileTheWebhookIsAwayGetsItsStamp() {
    optedIn.create(withoutRouter(optedIn, "while-away", Map.of()));

    Pod stamped = stamped(optedIn, "while-away");

    assertThat(Stamps.localityOf(stamped).steps().getLast().value())
        .isEqualTo(stamped.getSpec().getNodeName());
    assertThat(stamped.getMetadata().getManagedFields())
        .extracting(ManagedFieldsEntry::getManager)
        .contains("tandem-controller");
  }

  @Test
  void soDoesAPodThatOptedInAloneInAnotherSchedulersNamespace() {
    other.create(withoutRouter(other, "labelled", Map.of(Keys.INJECT, "true")));

    Pod stamped = stamped(other, "labelled");

    assertThat(Stamps.localityOf(stamped).toString()).contains("zone=z1@").contains("nvlink=");
  }

  @Test
  void aPodThatDidNotOptInIsLeftAloneAndNothingIsWrittenTwice() {
    other.create(other.plainPod("plain").build());
    other.bound("plain");
    other.create(withoutRouter(other, "watched", Map.of(Keys.INJECT, "true")));
    String version = stamped(other, "watched").getMetadata().getResourceVersion();

    // Its turn comes after theirs.
    other.create(withoutRouter(other, "last", Map.of(Keys.INJECT, "true")));
    stamped(other, "last");

    assertThat(other.get("plain").getMetadata().getAnnotations()).isNullOrEmpty();
    assertThat(other.get("watched").getMetadata().getResourceVersion()).isEqualTo(version);
    assertThat(first.metric("tandem_controller_stamp_failures_total")).isZero();
    assertThat(second.metric("tandem_controller_stamps_total")).isZero();
  }

  @Test
  void aNodeThatMovesTakesItsPodsAlong() {
    client
        .resource(
            new NodeBuilder()
                .withNewMetadata()
                .withName("moving")
                .addToLabels(LEAF, "here")
                .endMetadata()
                .build())
        .create();
    try {
      Pod pod = withoutRouter(other, "on-a-moving-node", Map.of(Keys.INJECT, "true"));
      pod.getSpec().setNodeName("moving");
      other.create(pod);
      assertThat(Stamps.localityOf(stamped(other, "on-a-moving-node")).toString())
          .startsWith("leaf=here@");

      client
          .nodes()
          .withName("moving")
          .edit(node ->
              new NodeBuilder(node)
                  .editMetadata()
                  .addToLabels(LEAF, "there")
                  .endMetadata()
                  .build());

      Eventually.passes(() ->
          assertThat(Stamps.localityOf(other.get("on-a-moving-node")).toString())
              .startsWith("leaf=there@"));
    } finally {
      client.nodes().withName("moving").delete();
    }
  }

  @Test
  void theOtherReplicaGoesOnWhenTheLeaderEnds(RealControlPlane plane) {
    first.close();
    other.create(withoutRouter(other, "after-the-leader", Map.of(Keys.INJECT, "true")));

    stamped(other, "after-the-leader");

    assertThat(second.metric("tandem_controller_stamps_total")).isPositive();
    // As it was, for the other tests.
    second.close();
    first = InstalledController.start(plane, "first");
    Eventually.becomes(
        "the first leads", () -> first.metric("tandem_controller_leader"), l -> l == 1);
    second = InstalledController.start(plane, "second");
  }

  private static Pod withoutRouter(Workspace workspace, String name, Map<String, String> labels) {
    Pod pod =
        Examples.vllmPod(workspace.namespace(), name, new HashMap<>(Map.of(Keys.ROUTER, "none")));
    pod.getMetadata().setLabels(labels);
    return pod;
  }

  private static Pod stamped(Workspace workspace, String name) {
    return Eventually.becomes(
        "stamped",
        () -> workspace.get(name),
        pod ->
            Objects.requireNonNullElse(pod.getMetadata().getAnnotations(), Map.of())
                .containsKey(Keys.LOCALITY));
  }
}
