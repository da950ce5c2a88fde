package dev.tandem.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.api.Keys;
import dev.tandem.cli.controlplane.RealControlPlane;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may write where a pod is, asked of the API server's own policies. */
@ExtendWith(ControlPlaneExtension.class)
final class LocalityIsOursIT {
  private static final PatchContext MERGE = PatchContext.of(PatchType.JSON_MERGE);
  private static final String FORGED =
      "{\"metadata\":{\"annotations\":{\"%s\":\"node=elsewhere@9000/nvlink\"}}}"
          .formatted(Keys.LOCALITY);

  private static InstalledAdmission admission;
  private static Workspace workspace;
  private static KubernetesClient controller;

  @BeforeAll
  static void install(RealControlPlane plane) {
    admission = InstalledAdmission.start(plane, "locality-is-ours");
    workspace = admission.optedIn();
    controller =
        plane.clientFor(plane.kubeconfigOfServiceAccount("tandem-system", "tandem-controller"));
    workspace.create(
        Examples.vllmPod(workspace.namespace(), "p", Map.of(Keys.KEEP, "schedulerName")));
    assertThat(Stamps.localityOf(workspace.bound("p")).toString()).contains("node=gpu-");
  }

  @AfterAll
  static void uninstall() {
    controller.close();
    admission.close();
  }

  @Test
  void nobodyElseChangesIt(RealControlPlane plane) {
    assertThatThrownBy(() -> patch(plane.client(), FORGED))
        .hasMessageContaining("production-stack.vllm.ai/locality is Tandem's own");
  }

  @Test
  void norTakesItAway(RealControlPlane plane) {
    assertThatThrownBy(() ->
            patch(
                plane.client(),
                "{\"metadata\":{\"annotations\":{\"%s\":null}}}".formatted(Keys.LOCALITY)))
        .hasMessageContaining("production-stack.vllm.ai/locality is Tandem's own");
  }

  @Test
  void norThroughTheStatus(RealControlPlane plane) {
    assertThatThrownBy(() ->
            plane
                .client()
                .pods()
                .inNamespace(workspace.namespace())
                .withName("p")
                .subresource("status")
                .patch(MERGE, FORGED))
        .hasMessageContaining("production-stack.vllm.ai/locality is Tandem's own");
  }

  @Test
  void everythingElseOfThePodStaysItsOwners(RealControlPlane plane) {
    Pod changed =
        patch(
            plane.client(),
            "{\"metadata\":{\"annotations\":{\"mine\":\"x\"},\"labels\":{\"mine\":\"x\"}}}");

    assertThat(changed.getMetadata().getAnnotations()).containsEntry("mine", "x");
  }

  @Test
  void norOnTheWayOutOfThePool(RealControlPlane plane) {
    String leaving = FORGED.replace("\"annotations\"", "\"labels\":{\"%s\":null},\"annotations\"");

    assertThatThrownBy(() -> patch(plane.client(), leaving.formatted(Keys.POOL)))
        .hasMessageContaining("production-stack.vllm.ai/locality is Tandem's own");
  }

  @Test
  void podsThatNoRouterChoosesFromAreNotLookedAt(RealControlPlane plane) {
    workspace.create(workspace.plainPod("of-no-pool").build());

    Pod changed =
        plane
            .client()
            .pods()
            .inNamespace(workspace.namespace())
            .withName("of-no-pool")
            .patch(MERGE, FORGED);

    assertThat(changed.getMetadata().getAnnotations())
        .containsEntry(Keys.LOCALITY, "node=elsewhere@9000/nvlink");
  }

  @Test
  void theControllerMayWriteIt() {
    String before = Stamps.localityOf(workspace.get("p")).toString();
    String other =
        "{\"metadata\":{\"annotations\":{\"%s\":\"node=n@1/tcp\"}}}".formatted(Keys.LOCALITY);
    Eventually.succeeds(() -> patch(controller, other));

    assertThat(Stamps.localityOf(workspace.get("p"))).hasToString("node=n@1/tcp");
    patch(controller, other.replace("node=n@1/tcp", before));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"metadata\":{\"annotations\":{\"other\":\"x\"}}}",
        "{\"metadata\":{\"annotations\":{\"production-stack.vllm.ai/injected\":null}}}",
        "{\"metadata\":{\"labels\":{\"other\":\"x\"}}}",
        "{\"metadata\":{\"finalizers\":[\"example.com/held\"]}}",
        "{\"spec\":{\"activeDeadlineSeconds\":1}}",
      })
  void theControllerMayWriteNothingElse(String patch) {
    Eventually.passes(() ->
        assertThatThrownBy(() -> patch(controller, patch))
            .hasMessageContaining("of a pod and nothing else"));
  }

  private static Pod patch(KubernetesClient client, String patch) {
    return client.pods().inNamespace(workspace.namespace()).withName("p").patch(MERGE, patch);
  }
}
