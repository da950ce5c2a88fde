package dev.tandem.router;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tandem.api.LocalityPath;
import dev.tandem.api.Role;
import dev.tandem.router.peers.Peer;
import dev.tandem.router.request.Json;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What engines report of their transfers reaches every router's prediction. */
class LearntLinkTest {

  private static final int SPEED_UP = 20;
  private static final String STAMP = "leaf=l0@50/rdma";

  // The median of the last 15 moves with the eighth; several transfers may come in one report.
  private static final int MOST_REQUESTS = 500;

  private final Vertx vertx = Vertx.vertx();
  private final HttpClient client = HttpClient.newHttpClient();
  private final String prefillHost = Pods.address();
  private final String decodeHost = Pods.address();

  private @TempDir Path directory;
  private Path stamp = Path.of("");

  @BeforeEach
  void stamp() throws IOException {
    stamp = Files.writeString(directory.resolve("locality"), STAMP);
  }

  @AfterEach
  void stop() throws Exception {
    client.close();
    vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  private StandIn engine(String host, String kvRole) throws Exception {
    return new StandIn(
        vertx,
        host,
        "--standin-speed-up=" + SPEED_UP,
        "--standin-locality=leaf=l0@10/rdma", // a fifth of what the stamps promise
        "--kv-transfer-config={\"kv_connector\":\"NixlConnector\",\"kv_role\":\"" + kvRole + "\"}");
  }

  private Router router(String name, String host, Role role, int enginePort) {
    return Router.start(
        Pods.config(name, host, role, "g", "m", "--locality-file=" + stamp)
            .withEnginePort(enginePort)
            .withSpeedUp(SPEED_UP)
            .withRouting(
                Routing.DEFAULT.withTrustedPickers(List.of(new AddressRange("127.0.0.0/8"))))
            .withDiscovery(
                new Discovery.Fixed(
                    List.of(
                        peer("p", prefillHost, Role.PREFILL), peer("d", decodeHost, Role.DECODE)))),
        vertx);
  }

  private static Peer peer(String name, String host, Role role) {
    LocalityPath stamped =
        LocalityPath.parse(STAMP) instanceof LocalityPath.Valid valid ? valid.path() : null;
    return new Peer(name, host, 8201, Peer.Kind.SIDECAR, role, "g", "m", stamped);
  }

  private HttpResponse<String> send(Router router, String prompt, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(
                URI.create("http://" + router.host() + ":" + router.port() + "/v1/completions"))
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    "{\"model\":\"m\",\"max_tokens\":1,\"prompt\":\"" + prompt + "\"}"));
    if (headers.length > 0) {
      request.headers(headers);
    }
    try {
      HttpResponse<String> answer =
          client.send(request.build(), HttpResponse.BodyHandlers.ofString());
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      return answer;
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Seconds the transfer of a prompt nobody has is predicted to take; 0 before p is known. */
  private double predicted(Router router) {
    String body = send(router, "#".repeat(8000), "x-routing-request", "true").body();
    try {
      for (JsonNode way : Json.read(body.getBytes(StandardCharsets.UTF_8)).path("candidates")) {
        if (way.path("prefill").asText().equals("p")) {
          return way.path("prediction").path("transferSeconds").asDouble();
        }
      }
      return 0;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aNetworkSlowerThanItsStampsIsPredictedToBeSlowerByOtherRoutersToo() throws Exception {
    try (StandIn prefill = engine(prefillHost, "kv_producer");
        StandIn decode = engine(decodeHost, "kv_consumer");
        Router first = router("p", prefillHost, Role.PREFILL, prefill.port());
        Router second = router("d", decodeHost, Role.DECODE, decode.port())) {
      Pods.eventually("the first knows both", () -> predicted(first) > 0);
      Pods.eventually("the second knows both", () -> predicted(second) > 0);
      double before = predicted(first);
      int sent = 0;
      while (predicted(first) < 3 * before && sent < MOST_REQUESTS) {
        // Where it goes is not left to the speed this machine happens to have.
        HttpResponse<String> answer =
            send(
                second,
                (sent++ + " ").repeat(2000),
                "x-prefiller-host-port",
                prefillHost + ":8201");
        assertThat(answer.headers().firstValue("x-tandem-prefill")).contains("p");
      }
      // The setup does not change and 1/5 of the rate is within the bound of 1/8.
      assertThat(predicted(first))
          .as("after %d requests", sent)
          .isBetween(3 * before, 5.5 * before);
    }
  }
}
