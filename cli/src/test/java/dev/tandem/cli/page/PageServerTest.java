package dev.tandem.cli.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class PageServerTest {

  private final SampleFeed feed = new SampleFeed(64, 1);
  private final PageServer server = PageServer.start(feed, 0);
  private final HttpClient client = HttpClient.newHttpClient();

  @AfterEach
  void stop() {
    client.shutdownNow();
    server.close();
  }

  @Test
  void theTopologyNamesEveryNodeWithItsPlaceOnEachLevel() throws Exception {
    JsonNode topology = json("topology");

    assertThat(topology.path("levels").findValuesAsText("name"))
        .containsExactly("zone", "core", "spine", "leaf", "nvlink", "node");
    assertThat(topology.path("nodes")).hasSize(64);
    JsonNode node = topology.path("nodes").path(9);
    assertThat(node.path("path").path("nvlink").asText()).isEqualTo("n2");
    assertThat(node.path("gpus").asInt()).isEqualTo(8);
    assertThat(node.path("usedByOthers").asInt()).isEqualTo(4);
  }

  @Test
  void placementsSayWhichRunPutThePodWhereAndWhy() throws Exception {
    JsonNode pod = json("placements").path(0);

    assertThat(pod.path("run").asText()).isEqualTo("tandem");
    assertThat(pod.path("node").asText()).isEqualTo("gpu-008");
    assertThat(pod.path("reason").asText()).contains("NVLink domain n2");
    assertThat(pod.path("transferMillis").asDouble()).isEqualTo(3.4);
    assertThat(pod.has("better")).isFalse();
  }

  @Test
  void aRunThatHasNotBegunIsAbsent() throws Exception {
    feed.serve(Run.TANDEM, 5, 1);

    JsonNode requests = json("requests");

    assertThat(requests.path("tandem").path("count").asInt()).isEqualTo(4);
    assertThat(requests.path("tandem").path("inFlight").asInt()).isEqualTo(1);
    assertThat(requests.has("baseline")).isFalse();
  }

  @Test
  void eventsComeAsTheyHappen() throws Exception {
    HttpResponse<Stream<String>> response =
        client.send(request("events"), HttpResponse.BodyHandlers.ofLines());
    assertThat(response.headers().firstValue("content-type"))
        .hasValueSatisfying(type -> assertThat(type).startsWith("text/event-stream"));

    feed.events().publish(new PageEvent.Routed(Run.TANDEM, "r1", 0.5, "p", "d", 42, 0.001));
    feed.events().publish(new PageEvent.FirstToken(Run.TANDEM, "r1", 0.75, 0.25));

    List<String> lines;
    try (Stream<String> body = response.body()) {
      lines =
          body.filter(line -> line.startsWith("event:") || line.startsWith("data:"))
              .limit(4)
              .toList();
    }
    assertThat(lines)
        .containsExactly(
            "event: routed",
            "data: {\"run\":\"tandem\",\"id\":\"r1\",\"atSeconds\":0.5,\"prefillPod\":\"p\",\"decodePod\":\"d\","
                + "\"bytes\":42,\"predictedSeconds\":0.001}",
            "event: first-token",
            "data: {\"run\":\"tandem\",\"id\":\"r1\",\"atSeconds\":0.75,\"seconds\":0.25}");
  }

  @Test
  void everythingThePageLoadsIsServedFromHereAlone() throws Exception {
    HttpResponse<String> index = get("");

    assertThat(index.headers().firstValue("content-security-policy"))
        .hasValueSatisfying(
            policy -> assertThat(policy).contains("default-src 'none'").doesNotContain("unsafe"));
    for (String file : List.of("page.css", "page.js", "map.js", "favicon.svg")) {
      HttpResponse<String> response = get(file);
      assertThat(response.statusCode()).as(file).isEqualTo(200);
      assertThat(response.body().replace("http://www.w3.org/2000/svg", ""))
          .as(file)
          .doesNotContain("://");
    }
    assertThat(get("../page.css").statusCode()).isNotEqualTo(500);
    assertThat(get("secret").statusCode()).isEqualTo(404);
  }

  @Test
  void aForeignHostNameIsRefused() throws Exception {
    try (Socket socket = new Socket("127.0.0.1", server.port());
        OutputStream out = socket.getOutputStream();
        BufferedReader in =
            new BufferedReader(
                new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))) {
      out.write(
          "GET /placements HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"
              .getBytes(StandardCharsets.UTF_8));
      out.flush();

      assertThat(in.readLine()).contains("403");
      assertThat(in.lines().toList())
          .last()
          .asString()
          .contains("host is evil.example", "localhost");
    }
  }

  @Test
  void moreEventStreamsThanTheBoundAreRefused() throws Exception {
    for (int i = 0; i < EventRoute.BROWSERS; i++) {
      client.send(request("events"), HttpResponse.BodyHandlers.ofInputStream());
    }

    assertThat(get("events").statusCode()).isEqualTo(503);
  }

  @Test
  void closingEndsOpenEventStreams() throws Exception {
    HttpResponse<Stream<String>> response =
        client.send(request("events"), HttpResponse.BodyHandlers.ofLines());

    server.close();

    // The reader sees the end or a broken connection, but does not wait for ever.
    var unused = catchThrowable(() -> response.body().forEach(line -> {}));
    assertThat(feed.events().subscribers()).isZero();
  }

  @Test
  void aNodeOnALevelThatIsNotListedIsRefused() {
    TopologyView.NodeView node =
        new TopologyView.NodeView("a", java.util.Map.of("rack", "r1"), 8, 0);

    assertThatThrownBy(() -> new TopologyView(List.of(), List.of(node)))
        .hasMessageContaining("node a has a value on level rack");
  }

  private JsonNode json(String path) throws IOException, InterruptedException {
    return new JsonMapper().readTree(get(path).body());
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return client.send(request(path), HttpResponse.BodyHandlers.ofString());
  }

  private HttpRequest request(String path) {
    return HttpRequest.newBuilder(server.url().resolve("/" + path)).build();
  }
}
