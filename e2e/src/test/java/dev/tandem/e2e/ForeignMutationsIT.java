package dev.tandem.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.cli.controlplane.RealControlPlane;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Other mutating webhooks before and after ours, which the API server then calls a second time. The
 * policies hold.
 */
@ExtendWith(ControlPlaneExtension.class)
final class ForeignMutationsIT {
  private static final String BEFORE = "a-mesh";
  private static final String AFTER = "z-mesh";

  private static InstalledAdmission admission;
  private static Workspace workspace;

  @BeforeAll
  static void install(RealControlPlane plane) {
    admission = InstalledAdmission.start(plane, "foreign");
    workspace = admission.optedIn();
  }

  @AfterAll
  static void uninstall() {
    admission.close();
  }

  @Test
  void whatAnotherPutInBeforeUsStaysAndComesFirst(RealControlPlane plane) {
    try (StandInWebhook _ =
        StandInWebhook.start(plane, BEFORE, workspace.namespace(), ForeignMutationsIT::mesh)) {
      Pod pod = create(plane, "before", p -> names(p).contains("istio-proxy"));

      assertThat(pod.getSpec().getInitContainers())
          .extracting(Container::getName)
          .containsExactly("istio-proxy", "tandem-router");
      assertThat(engine(pod).getEnv())
          .extracting(EnvVar::getName)
          .contains("FOREIGN", "MINE", "PYTHONHASHSEED");
      assertThat(engine(pod).getResources().getLimits())
          .containsEntry("example.com/nic", new Quantity("1"));
    }
  }

  @Test
  void whatAnotherChangesAfterUsStaysAndNothingIsInjectedTwice(RealControlPlane plane) {
    try (StandInWebhook _ =
        StandInWebhook.start(
            plane,
            AFTER,
            workspace.namespace(),
            (pod, patch) -> {
              mesh(pod, patch);
              reverseEnvironment(pod, patch);
            })) {
      Pod pod = create(plane, "after", p -> names(p).contains("istio-proxy"));

      assertThat(names(pod)).containsExactlyInAnyOrder("istio-proxy", "tandem-router", "vllm");
      assertThat(engine(pod).getEnv()).extracting(EnvVar::getName).doesNotHaveDuplicates();
      assertThat(engine(pod).getEnv().getFirst().getName()).isNotEqualTo("MINE");
      assertThat(engine(pod).getArgs()).doesNotHaveDuplicates();
    }
  }

  /** Seen by us, since we are called again; without us the policy would see it. */
  @Test
  void aRouterThatAnotherThrowsOutAfterUsIsMissed(RealControlPlane plane) {
    Pod pod = Examples.vllmPod(workspace.namespace(), "thrown-out", Map.of());
    try (StandInWebhook _ =
        StandInWebhook.start(plane, AFTER, workspace.namespace(), ForeignMutationsIT::throwOut)) {
      Eventually.passes(() ->
          assertThatThrownBy(() -> Examples.dryRun(plane.client(), pod))
              .hasMessageContaining("admission webhook \"namespace-pods.production-stack.vllm.ai\"")
              .hasMessageContaining(
                  "container tandem-router, which this annotation speaks of, is gone"));
    }
  }

  /** The API server learns of a webhook by watching; creating waits until this one had its say. */
  private static Pod create(RealControlPlane plane, String name, Predicate<Pod> mutated) {
    Pod pod = Examples.vllmPod(workspace.namespace(), name, Map.of());
    pod.getSpec().getContainers().getFirst().setEnv(List.of(new EnvVar("MINE", "x", null)));
    Eventually.becomes("mutated", () -> Examples.dryRun(plane.client(), pod), mutated);
    return workspace.create(new PodBuilder(pod).build());
  }

  private static List<String> names(Pod pod) {
    List<String> names = new ArrayList<>();
    pod.getSpec().getInitContainers().forEach(container -> names.add(container.getName()));
    pod.getSpec().getContainers().forEach(container -> names.add(container.getName()));
    return names;
  }

  private static Container engine(Pod pod) {
    return pod.getSpec().getContainers().getFirst();
  }

  /** A native sidecar in front, a variable and a resource for the engine; once. */
  private static void mesh(JsonNode pod, ArrayNode patch) {
    JsonNode init = pod.path("spec").path("initContainers");
    for (JsonNode container : init) {
      if (container.path("name").asText().equals("istio-proxy")) {
        return;
      }
    }
    if (init.isMissingNode()) {
      add(patch, "/spec/initContainers").putArray("value");
    }
    ObjectNode proxy = add(patch, "/spec/initContainers/0").putObject("value");
    proxy.put("name", "istio-proxy").put("image", "proxy").put("restartPolicy", "Always");
    ObjectNode variable = add(patch, "/spec/containers/0/env/-").putObject("value");
    variable.put("name", "FOREIGN").put("value", "x");
    add(patch, "/spec/containers/0/resources/limits/example.com~1nic").put("value", "1");
    add(patch, "/spec/containers/0/resources/requests/example.com~1nic").put("value", "1");
  }

  private static void reverseEnvironment(JsonNode pod, ArrayNode patch) {
    if (patch.isEmpty()) {
      return; // it had its turn
    }
    List<JsonNode> variables = new ArrayList<>();
    pod.path("spec").path("containers").path(0).path("env").forEach(variables::add);
    Collections.reverse(variables);
    ObjectNode replace = patch.addObject().put("op", "replace");
    replace.put("path", "/spec/containers/0/env").putArray("value").addAll(variables);
  }

  private static void throwOut(JsonNode pod, ArrayNode patch) {
    if (!pod.path("spec").path("initContainers").isEmpty()) {
      patch.addObject().put("op", "remove").put("path", "/spec/initContainers");
    }
  }

  private static ObjectNode add(ArrayNode patch, String path) {
    return patch.addObject().put("op", "add").put("path", path);
  }
}
