package dev.tandem.cli.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.api.Keys;
import dev.tandem.extender.Extender;
import dev.tandem.extender.ExtenderConfig;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The embedded schedulers, one of them with the real extender. */
class SchedulerLoopTest {

  private EmbeddedControlPlane controlPlane;
  private KubernetesClient client;
  private Extender extender;

  @BeforeEach
  void start() throws InterruptedException {
    controlPlane = EmbeddedControlPlane.start(1);
    client = controlPlane.client();
    // Two NVLink domains of two nodes; half of the first is taken.
    node("gpu-0", "n0");
    node("gpu-1", "n0");
    node("gpu-2", "n1");
    node("gpu-3", "n1");
    pod("other-work", "default-scheduler", Map.of(), 8, "gpu-0");
    extender = Extender.start(ExtenderConfig.defaults(), client);
    assertThat(extender.awaitReady(Duration.ofSeconds(30))).isTrue();
    controlPlane.startSchedulers(URI.create("http://127.0.0.1:" + extender.port()));
  }

  @AfterEach
  void stop() {
    extender.close();
    controlPlane.close();
  }

  @Test
  void aGroupGoesWhereTheExtenderSaysItFitsWhole() {
    pod("p", "tandem", group("prefill"), 8, null);
    pod("d", "tandem", group("decode"), 8, null);

    assertThat(List.of(bound("p"), bound("d"))).containsExactlyInAnyOrder("gpu-2", "gpu-3");
  }

  @Test
  void thePodsOfTheDefaultSchedulerDoNotAskTheExtender() {
    extender.close();

    pod("plain", "default-scheduler", Map.of(), 1, null);

    assertThat(bound("plain")).startsWith("gpu-");
  }

  @Test
  void aPodThatFitsNowhereWaitsAndSaysWhy() {
    pod("big", "default-scheduler", Map.of(), 9, null);

    assertThat(message("big")).contains("0/4 nodes are available: 4 Insufficient nvidia.com/gpu.");
  }

  @Test
  void whileTheExtenderIsDownItsPodsWait() {
    extender.close();

    pod("p", "tandem", group("prefill"), 8, null);

    assertThat(message("p")).startsWith("no extender answers at http://127.0.0.1:");
    assertThat(
            Objects.requireNonNull(client.pods().inNamespace("default").withName("p").get())
                .getSpec()
                .getNodeName())
        .isNull();
  }

  private static Map<String, String> group(String role) {
    return Map.of(
        Keys.GROUP,
        "g",
        Keys.ROLE,
        role,
        Keys.GROUP_SIZE,
        "prefill=1,decode=1",
        Keys.MODEL,
        "llama-3.1-70b");
  }

  private String bound(String name) {
    return EventualPod.of(client, name, pod -> pod.getSpec().getNodeName() != null)
        .getSpec()
        .getNodeName();
  }

  private String message(String name) {
    Pod waiting =
        EventualPod.of(
            client,
            name,
            pod ->
                pod.getStatus() != null
                    && pod.getStatus().getConditions().stream()
                        .anyMatch(c -> c.getStatus().equals("False")));
    return waiting.getStatus().getConditions().getFirst().getMessage();
  }

  private void node(String name, String clique) {
    client
        .resource(
            new NodeBuilder()
                .withNewMetadata()
                .withName(name)
                .addToLabels("nvidia.com/gpu.clique", clique)
                .endMetadata()
                .withNewStatus()
                .addToAllocatable("nvidia.com/gpu", new Quantity("8"))
                .addToAllocatable("cpu", new Quantity("64"))
                .addToAllocatable("memory", new Quantity("512Gi"))
                .endStatus()
                .build())
        .create();
  }

  private void pod(
      String name,
      String scheduler,
      Map<String, String> annotations,
      int gpus,
      @Nullable String node) {
    client
        .resource(
            new PodBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace("default")
                .withAnnotations(annotations)
                .endMetadata()
                .withNewSpec()
                .withSchedulerName(scheduler)
                .withNodeName(node)
                .addNewContainer()
                .withName("c")
                .withImage("i")
                .withNewResources()
                .addToLimits("nvidia.com/gpu", new Quantity(Integer.toString(gpus)))
                .endResources()
                .endContainer()
                .endSpec()
                .build())
        .create();
  }
}
