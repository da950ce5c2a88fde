package dev.tandem.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.api.Keys;
import dev.tandem.cli.controlplane.RealControlPlane;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Other injectors on the same pods; the API server calls ours between them, and then once more. */
@ExtendWith(ControlPlaneExtension.class)
final class ForeignMutationIT {
  private static InstalledWebhook webhook;
  private static Workspace workspace;

  @BeforeAll
  static void install(RealControlPlane plane) {
    webhook = InstalledWebhook.start(plane);
    workspace = Workspace.create(plane.client(), "foreign-mutation", Map.of(Keys.INJECT, "true"));
  }

  @AfterAll
  static void uninstall() {
    workspace.close();
    webhook.close();
  }

  @Test
  void whatOthersAddBeforeAndAfterUsStaysAndWeInjectOnce(RealControlPlane plane) {
    try (ForeignWebhook before =
            ForeignWebhook.start(plane, "a-foreign-injector", workspace.namespace());
        ForeignWebhook after =
            ForeignWebhook.start(plane, "z-foreign-injector", workspace.namespace())) {
      Pod pod =
          Eventually.becomes(
              "seen by all three",
              () ->
                  workspace.create(
                      Examples.vllmPod(
                          workspace.namespace(), "pod-" + System.nanoTime(), Map.of())),
              created ->
                  created.getSpec().getContainers().size() == 3
                      && !created.getSpec().getInitContainers().isEmpty());

      assertThat(pod.getSpec().getContainers())
          .extracting(Container::getName)
          .containsExactly("vllm", "a-foreign-injector", "z-foreign-injector");
      assertThat(pod.getSpec().getInitContainers())
          .extracting(Container::getName)
          .containsExactly("tandem-router");
      Container engine = pod.getSpec().getContainers().getFirst();
      assertThat(engine.getEnv().stream().filter(one -> one.getName().equals("SEEN_BY")))
          .extracting("value")
          .containsExactly("a-foreign-injector", "z-foreign-injector");
      assertThat(engine.getArgs()).containsOnlyOnce("--port", "--kv-events-config");
      assertThat(engine.getArgs())
          .startsWith(
              "--model=meta-llama/Llama-3.1-8B-Instruct", "--served-model-name=llama-3.1-8b");
    }
  }
}
