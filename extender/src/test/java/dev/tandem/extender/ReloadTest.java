package dev.tandem.extender;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tandem.api.Level;
import dev.tandem.edge.cluster.MockCluster;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole extender while its topology file changes. */
class ReloadTest {
  @AutoClose private static final MockCluster cluster = new MockCluster();
  private static final KubernetesClient client = cluster.client();

  @Test
  void aChangedTopologyFileMovesNodesAndLinksWithoutARestart(@TempDir Path folder)
      throws Exception {
    for (String name : List.of("gpu-0", "gpu-1")) {
      client
          .nodes()
          .resource(
              new NodeBuilder()
                  .withNewMetadata()
                  .withName(name)
                  .addToLabels("example.com/rack", "by-label")
                  .endMetadata()
                  .build())
          .create();
    }
    Path file = folder.resolve("topology.yaml");
    Files.writeString(file, "nodes:\n  - {names: gpu-0, leaf: first}\n");
    Sources sources =
        new Sources(
            file,
            null,
            null,
            Map.of(Level.LEAF, List.of("example.com/rack")),
            Duration.ofMillis(20));
    ExtenderConfig config = ExtenderConfig.defaults();
    config = new ExtenderConfig(config.server(), config.planning(), sources, config.recording());
    try (HttpClient http = HttpClient.newHttpClient();
        Extender extender = Extender.start(config, client)) {
      assertThat(extender.awaitReady(Duration.ofSeconds(60))).isTrue();
      assertThat(get(http, extender, "/topology")).contains("first", "by-label");

      Files.writeString(
          file,
          "links: {leaf: {bandwidth: 77.5, transport: rdma}}\n"
              + "nodes:\n  - {names: gpu-0, leaf: second}\n");
      awaitTopology(http, extender, "second");
      awaitTopology(http, extender, "77.5");
      assertThat(get(http, extender, "/metrics"))
          .contains("tandem_extender_topology_reloads_total{outcome=\"applied\"} 1.0")
          .contains("tandem_extender_topology_age_seconds");
    }
  }

  @Test
  void whatIsOddAboutANewTopologyIsToldAndCounted(@TempDir Path folder) throws Exception {
    client
        .nodes()
        .resource(
            new NodeBuilder()
                .withNewMetadata()
                .withName("here-0")
                .addToLabels("fabric.topograph.run/tier-0", "l0")
                .addToLabels("network.topology.nvidia.com/leaf", "l9")
                .endMetadata()
                .build())
        .create();
    Path file = folder.resolve("topology.yaml");
    Files.writeString(file, "nodes:\n  - {names: here-0, leaf: first}\n");
    Sources sources = new Sources(file, null, null, Map.of(), Duration.ofMillis(20));
    ExtenderConfig config = ExtenderConfig.defaults();
    config = new ExtenderConfig(config.server(), config.planning(), sources, config.recording());
    PrintStream before = System.err;
    ByteArrayOutputStream log = new ByteArrayOutputStream();
    System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
    try (HttpClient http = HttpClient.newHttpClient();
        Extender extender = Extender.start(config, client)) {
      assertThat(extender.awaitReady(Duration.ofSeconds(60))).isTrue();
      assertThat(get(http, extender, "/metrics"))
          .contains("tandem_extender_topology_absent_nodes 0.0");

      Files.writeString(file, "nodes:\n  - {names: 'gone-[1-2]', leaf: second}\n");
      String absent = "described, but not in the cluster: gone-[1-2]";
      await()
          .atMost(Duration.ofMinutes(1))
          .until(() -> log.toString(StandardCharsets.UTF_8).contains(absent));
      assertThat(log.toString(StandardCharsets.UTF_8))
          .contains(absent)
          .containsOnlyOnce("network.topology.nvidia.com/leaf says l9");
      assertThat(get(http, extender, "/metrics"))
          .contains("tandem_extender_topology_absent_nodes 2.0");
    } finally {
      System.setErr(before);
    }
  }

  private static void awaitTopology(HttpClient http, Extender extender, String text) {
    await()
        .atMost(Duration.ofMinutes(1))
        .untilAsserted(() -> assertThat(get(http, extender, "/topology")).contains(text));
  }

  private static String get(HttpClient http, Extender extender, String path) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + extender.port() + path);
    return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
        .body();
  }
}
