package dev.tandem.cli.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.api.Keys;
import dev.tandem.edge.cluster.MockCluster;
import dev.tandem.extender.Extender;
import dev.tandem.extender.ExtenderConfig;
import dev.tandem.extender.Sources;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** From what an engine counted to what a running extender predicts. */
class CalibratedExtenderTest {
  private static final String GPUS = "nvidia.com/gpu";

  /** 200 transfers of 100 MB in 1,000 descriptors: 4.5 ms each, 0.1 ms of it posting. */
  private static final String METRICS =
      """
      vllm:nixl_xfer_time_seconds_count{engine="0",model_name="m"} 200.0
      vllm:nixl_xfer_time_seconds_sum{engine="0",model_name="m"} 0.9
      vllm:nixl_post_time_seconds_sum{engine="0",model_name="m"} 0.02
      vllm:nixl_bytes_transferred_sum{engine="0",model_name="m"} 2.0e+10
      vllm:nixl_num_descriptors_sum{engine="0",model_name="m"} 200000.0
      """;

  /** Of one of eight pairs of ranks, for the reference prompt of the model below. */
  private static final double MEGABYTES = 283.115520;

  @AutoClose private final MockCluster cluster = new MockCluster();
  private final KubernetesClient client = cluster.client();

  @Test
  void countersOfAnEngineBecomeWhatTheExtenderPredicts(@TempDir Path folder) throws Exception {
    nodesOfTwoLeaves();
    waitingPair();
    ExtenderConfig config = ExtenderConfig.defaults();
    Sources sources =
        new Sources(null, null, "tandem-system/tandem-topology", Map.of(), Duration.ofHours(1));
    config = new ExtenderConfig(config.server(), config.planning(), sources, config.recording());
    try (HttpClient http = HttpClient.newHttpClient();
        Extender extender = Extender.start(config, client)) {
      assertThat(extender.awaitReady(Duration.ofSeconds(60))).isTrue();
      double before = predictedMillis(http, extender);

      client.resource(calibrated(folder)).create();
      double after =
          await()
              .atMost(Duration.ofMinutes(1))
              .until(() -> predictedMillis(http, extender), millis -> millis != before);
      // 0.9 s - 0.02 s posting - 200 x 0.6 ms setup = 0.76 s for 20 GB, and 0.1 us a descriptor.
      // How many descriptors the transfer has follows from the prediction by the defaults.
      double descriptors = (before - 0.6 - MEGABYTES / (50 * 0.86)) / 0.0085e-3;
      assertThat(descriptors).isBetween(1_000.0, 1_000_000.0);
      assertThat(after)
          .isCloseTo(0.6 + descriptors * 0.1e-3 + MEGABYTES / (20 / 0.76), within(0.02));
      assertThat(get(http, extender, "/metrics"))
          .contains("tandem_extender_topology_reloads_total{outcome=\"applied\"} 1.0");
    }
  }

  /** What {@code calibrate} prints, as kubectl reads it. */
  private static ConfigMap calibrated(Path folder) throws Exception {
    Path metrics = Files.writeString(folder.resolve("engine.txt"), METRICS);
    StringWriter out = new StringWriter();
    int code =
        new CommandLine(new TopologyCommand())
            .setOut(new PrintWriter(out))
            .execute(
                "calibrate", "rdma=" + metrics, "--configmap", "tandem-system/tandem-topology");
    assertThat(code).isZero();
    return Serialization.unmarshal(out.toString(), ConfigMap.class);
  }

  private static double predictedMillis(HttpClient http, Extender extender) throws Exception {
    JsonNode best =
        new ObjectMapper()
            .readTree(get(http, extender, "/explain/llm/chat-prefill"))
            .at("/today/best");
    assertThat(best.path("predictedTransferMillis").isNumber()).as(best.toString()).isTrue();
    return best.path("predictedTransferMillis").asDouble();
  }

  private static String get(HttpClient http, Extender extender, String path) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + extender.port() + path);
    return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
        .body();
  }

  private void nodesOfTwoLeaves() {
    for (int i = 0; i < 4; i++) {
      client
          .nodes()
          .resource(
              new NodeBuilder()
                  .withNewMetadata()
                  .withName("gpu-" + i)
                  .addToLabels("fabric.topograph.run/tier-0", "l" + i / 2)
                  .addToLabels("fabric.topograph.run/tier-1", "s0")
                  .endMetadata()
                  .withNewStatus()
                  .addToAllocatable(GPUS, new Quantity("8"))
                  .endStatus()
                  .build())
          .create();
    }
  }

  private void waitingPair() {
    client
        .pods()
        .resource(
            new PodBuilder()
                .withNewMetadata()
                .withName("chat-prefill")
                .withNamespace("llm")
                .withUid("uid-chat-prefill")
                .withAnnotations(
                    Map.of(
                        Keys.ROLE, "prefill",
                        Keys.GROUP, "chat",
                        Keys.GROUP_SIZE, "prefill=1,decode=1",
                        Keys.MODEL, "meta-llama/Llama-3.1-70B-Instruct"))
                .endMetadata()
                .withNewSpec()
                .addNewContainer()
                .withName("c")
                .withNewResources()
                .addToLimits(GPUS, new Quantity("8"))
                .endResources()
                .endContainer()
                .endSpec()
                .build())
        .create();
  }
}
