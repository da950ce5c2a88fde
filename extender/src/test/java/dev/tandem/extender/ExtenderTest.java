package dev.tandem.extender;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.api.Keys;
import dev.tandem.edge.cluster.MockCluster;
import dev.tandem.extender.http.ExtenderServer;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The whole extender over real HTTP against fabric8's stand-in for the API server. */
@SuppressWarnings("NullAway.Init") // set before all tests
class ExtenderTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String GPUS = "nvidia.com/gpu";

  @AutoClose private static final MockCluster cluster = new MockCluster();
  private static final KubernetesClient client = cluster.client();
  private static final HttpClient http = HttpClient.newHttpClient();
  private static Extender extender;

  @BeforeAll
  static void start() throws InterruptedException {
    for (int i = 0; i < 8; i++) {
      client
          .nodes()
          .resource(
              new NodeBuilder()
                  .withNewMetadata()
                  .withName("gpu-" + i)
                  .addToLabels("accelerator.topograph.run/domain", "n" + i / 4)
                  .addToLabels("fabric.topograph.run/tier-0", "l0")
                  .endMetadata()
                  .withNewStatus()
                  .addToAllocatable(GPUS, new Quantity("8"))
                  .endStatus()
                  .build())
          .create();
    }
    extender = Extender.start(ExtenderConfig.defaults(), client);
    assertThat(extender.awaitReady(Duration.ofSeconds(60))).isTrue();
  }

  @AfterAll
  static void stop() {
    extender.close();
    http.close();
  }

  private HttpResponse<String> send(String path, String body) throws Exception {
    return http.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + extender.port() + path))
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private String get(String path) throws Exception {
    return http.send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + extender.port() + path))
                .build(),
            HttpResponse.BodyHandlers.ofString())
        .body();
  }

  /** Waits, at most a minute, until the watch has shown that a node is full, or that none is. */
  private void awaitTopology(boolean full) {
    await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> get("/topology"), topology -> topology.contains("\"used\":8") == full);
  }

  private static String args(String pod, String names) {
    return "{\"Pod\":" + pod + ",\"Nodes\":null,\"NodeNames\":" + names + "}";
  }

  private static String pod(String name, String role) {
    return """
    {"metadata":{"name":"%s","namespace":"llm","uid":"uid-%s","annotations":{
    "%s":"%s","%s":"chat-a","%s":"prefill=2,decode=2"}},
    "spec":{"containers":[{"resources":{"limits":{"nvidia.com/gpu":"8"}}}]}}
    """
        .formatted(name, name, Keys.ROLE, role, Keys.GROUP, Keys.GROUP_SIZE);
  }

  private static final String ALL =
      "[\"gpu-0\",\"gpu-1\",\"gpu-2\",\"gpu-3\",\"gpu-4\",\"gpu-5\",\"gpu-6\",\"gpu-7\"]";

  @Test
  void aFilterCallIsAnsweredWithTheBestNodesFirst() throws Exception {
    HttpResponse<String> response = send("/filter", args(pod("a", "prefill"), ALL));
    assertThat(response.statusCode()).isEqualTo(200);
    JsonNode answer = JSON.readTree(response.body());
    assertThat(answer.path("NodeNames").get(0).asText()).isEqualTo("gpu-0");
    assertThat(answer.path("Error").asText()).isEmpty();
  }

  @Test
  void prioritizeGivesOneNodeTheBestScore() throws Exception {
    JsonNode answer = JSON.readTree(send("/prioritize", args(pod("a", "prefill"), ALL)).body());
    assertThat(answer).hasSize(8);
    assertThat(answer.get(0).path("Host").asText()).isEqualTo("gpu-0");
    assertThat(answer.get(0).path("Score").asInt()).isEqualTo(10);
  }

  @Test
  void theWatchedPodsTakeTheirGpus() throws Exception {
    Pod bound =
        new PodBuilder()
            .withNewMetadata()
            .withName("other")
            .withNamespace("llm")
            .endMetadata()
            .withNewSpec()
            .withNodeName("gpu-0")
            .addNewContainer()
            .withName("c")
            .withNewResources()
            .addToLimits(GPUS, new Quantity("8"))
            .endResources()
            .endContainer()
            .endSpec()
            .build();
    client.pods().resource(bound).create();
    awaitTopology(true);
    JsonNode answer = JSON.readTree(send("/filter", args(pod("a", "prefill"), ALL)).body());
    assertThat(answer.path("NodeNames").get(0).asText()).isEqualTo("gpu-4");
    client.pods().resource(bound).delete();
    awaitTopology(false);
  }

  @Test
  void explainTellsWhyAPodWentWhere() throws Exception {
    send("/filter", args(pod("a", "prefill"), ALL));
    JsonNode answer = JSON.readTree(get("/explain/llm/a"));
    assertThat(answer.path("decisions").get(0).path("reason").asText())
        .isEqualTo("group chat-a whole in NVLink domain n0 (450 GB/s), 4 nodes, tightest fit");
  }

  @Test
  void garbageIsAnsweredWithAnErrorAndCounted() throws Exception {
    for (String body : new String[] {"", "{", "[]", "{\"Pod\":1}", "\u0000"}) {
      HttpResponse<String> filter = send("/filter", body);
      assertThat(filter.statusCode()).isEqualTo(200);
      assertThat(JSON.readTree(filter.body()).path("Error").asText())
          .startsWith("tandem extender:");
      assertThat(send("/prioritize", body).body()).isEqualTo("[]");
    }
    assertThat(get("/metrics"))
        .contains("tandem_extender_bad_requests_total{problem=\"malformed\",verb=\"filter\"} 5.0");
    assertThat(get("/healthz")).isEqualTo("ok");
  }

  @Test
  void anOversizedBodyIsRefusedWithTheWayOut() throws Exception {
    HttpResponse<String> response = send("/filter", " ".repeat(ExtenderServer.MAX_BODY_BYTES + 1));
    assertThat(response.statusCode()).isEqualTo(413);
    assertThat(response.body()).contains("nodeCacheCapable: true");
    assertThat(get("/metrics")).contains("problem=\"too-large\"");
    assertThat(get("/healthz")).isEqualTo("ok");
  }

  @Test
  void aBodyThatBreaksOffHarmsNobody() throws Exception {
    try (Socket socket = new Socket("127.0.0.1", extender.port())) {
      socket
          .getOutputStream()
          .write(
              "POST /filter HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{\"Pod\":"
                  .getBytes(StandardCharsets.US_ASCII));
      socket.shutdownOutput();
      socket.setSoTimeout(60_000);
      assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
          .startsWith("HTTP/1.1 400")
          .contains("body broke off");
    }
    assertThat(get("/metrics"))
        .contains("tandem_extender_bad_requests_total{problem=\"broken-off\",verb=\"filter\"} 1.0");
    assertThat(get("/healthz")).isEqualTo("ok");
    assertThat(send("/filter", args(pod("a", "prefill"), ALL)).statusCode()).isEqualTo(200);
  }

  @Test
  void aBodyOfWholeNodesJustBelowTheBoundIsAnswered() throws Exception {
    String padding = "x".repeat((ExtenderServer.MAX_BODY_BYTES - 4_096) / 8);
    StringBuilder items = new StringBuilder();
    for (int i = 0; i < 8; i++) {
      items
          .append(i == 0 ? "" : ",")
          .append("{\"metadata\":{\"name\":\"gpu-")
          .append(i)
          .append("\",\"annotations\":{\"padding\":\"")
          .append(padding)
          .append("\"}}}");
    }
    String body =
        "{\"Pod\":"
            + pod("a", "prefill")
            + ",\"Nodes\":{\"items\":["
            + items
            + "]},\"NodeNames\":null}";
    assertThat(body.length())
        .isBetween(ExtenderServer.MAX_BODY_BYTES - 4_096, ExtenderServer.MAX_BODY_BYTES);
    HttpResponse<String> response = send("/filter", body);
    assertThat(response.statusCode()).isEqualTo(200);
    JsonNode answer = JSON.readTree(response.body());
    assertThat(answer.path("Error").asText()).isEmpty();
    assertThat(answer.path("Nodes").path("items")).hasSize(1);
    assertThat(answer.at("/Nodes/items/0/metadata/annotations/padding").asText().length())
        .as("the node comes back whole")
        .isEqualTo(padding.length());
  }

  @Test
  void unknownNodesAreKeptOutWithAReasonAndCounted() throws Exception {
    String body = args(pod("a", "prefill"), "[\"gpu-1\",\"nobody-knows\"]");
    JsonNode answer = JSON.readTree(send("/filter", body).body());
    assertThat(answer.path("NodeNames").toString()).isEqualTo("[\"gpu-1\"]");
    assertThat(answer.path("FailedNodes").path("nobody-knows").asText()).contains("not known");
    assertThat(get("/metrics")).contains("tandem_extender_unknown_nodes_total 1.0");
  }

  @Test
  void metricsHoldAHistogramAVerbAndTheCacheState() throws Exception {
    send("/filter", args(pod("a", "prefill"), ALL));
    assertThat(get("/metrics"))
        .contains("tandem_extender_request_seconds_bucket{verb=\"filter\",le=\"0.01\"}")
        .contains("tandem_extender_decisions_total{outcome=\"chosen\",reason=\"\"}")
        .contains("tandem_extender_cache_synced{resource=\"nodes\"} 1.0");
  }

  @Test
  void theTopologyIsReadable() throws Exception {
    JsonNode topology = JSON.readTree(get("/topology"));
    assertThat(topology.path("nodes")).hasSize(8);
    assertThat(topology.path("nodes").get(0).path("nvlink").asText()).isEqualTo("n0");
    assertThat(topology.path("links").path("nvlink").path("bandwidth").asDouble()).isEqualTo(450);
  }

  @Test
  void aPodOfOthersKeepsEveryNodeKnownOrNot() throws Exception {
    String pod = JSON.writeValueAsString(Map.of("metadata", Map.of("name", "nginx")));
    JsonNode answer = JSON.readTree(send("/filter", args(pod, "[\"gpu-1\",\"x\"]")).body());
    assertThat(answer.path("NodeNames").toString()).isEqualTo("[\"gpu-1\",\"x\"]");
  }
}
