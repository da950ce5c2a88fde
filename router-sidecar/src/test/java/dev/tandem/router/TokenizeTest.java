package dev.tandem.router;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tandem.api.Role;
import dev.tandem.router.peers.Peer;
import dev.tandem.router.request.Json;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A text finds what engines told of their caches, by the token ids an engine gives for it. */
class TokenizeTest {

  /** Longer than any test: only a test that means it sees time run out. */
  private static final Duration LONG = Duration.ofSeconds(30);

  private static final String TEXT = "abcd".repeat(640);

  private final Vertx vertx = Vertx.vertx();
  private final HttpClient client = HttpClient.newHttpClient();
  private final String host = Pods.address();
  private final String neighbour = Pods.address();
  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void stop() throws Exception {
    for (AutoCloseable each : open.reversed()) {
      each.close();
    }
    client.close();
    vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  private <T extends AutoCloseable> T closed(T opened) {
    open.add(opened);
    return opened;
  }

  private Router router(String name, String address, int enginePort, Duration within) {
    return router(
        name,
        address,
        enginePort,
        IndexConfig.DEFAULT.withTokenize(IndexConfig.Tokenize.AUTO, within));
  }

  private Router router(String name, String address, int enginePort, IndexConfig index) {
    List<Peer> peers =
        List.of(
            new Peer("told", host, 8201, Peer.Kind.SIDECAR, Role.BOTH, null, "m", null),
            new Peer("asked", neighbour, 8201, Peer.Kind.SIDECAR, Role.BOTH, null, "m", null));
    return closed(
        Router.start(
            Pods.config(name, address, Role.BOTH, null, "m")
                .withEnginePort(enginePort)
                .withIndex(index)
                .withTrustedPeers(List.of(GATEWAY))
                .withDiscovery(new Discovery.Fixed(peers)),
            vertx));
  }

  private static final String GATEWAY = Pods.address();

  /** A pod whose engine computed the text without any router, and told of it. */
  private void told() throws Exception {
    StandIn engine = closed(new StandIn(vertx, host));
    router("told", host, engine.port(), LONG);
    int[] tokens = new int[640];
    Arrays.fill(tokens, ByteBuffer.wrap("abcd".getBytes(StandardCharsets.US_ASCII)).getInt());
    engine.compute(tokens);
  }

  /** A router beside it whose engine is of a test's own making. */
  private Router asked(StubEngine.Behaviour tokenize, StubEngine engine, Duration within) {
    engine.onInfer((seen, response) -> {
      if (seen.path().equals("/tokenize")) {
        tokenize.answer(seen, response);
      } else {
        engine.normal(seen, response);
      }
    });
    Router router = router("asked", neighbour, engine.port(), within);
    knows(router);
    return router;
  }

  private StubEngine stub() {
    return closed(StubEngine.start(vertx, neighbour));
  }

  private void knows(Router router) {
    Pods.eventually(
        "the other engine's cache is known",
        () -> get(router, "/metrics").contains("tandem_router_index_blocks 10.0"));
    Pods.eventually("its own engine is up", () -> get(router, "/readyz").equals("ok\n"));
  }

  private String get(Router router, String path) {
    return send(request(router, path).build());
  }

  private String post(Router router, String body, String... headers) {
    HttpRequest.Builder request =
        request(router, "/v1/completions").POST(HttpRequest.BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return send(request.build());
  }

  private static HttpRequest.Builder request(Router router, String path) {
    return HttpRequest.newBuilder(
        URI.create("http://" + router.host() + ":" + router.port() + path));
  }

  private String send(HttpRequest request) {
    try {
      return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private JsonNode decided(Router router) throws IOException {
    String body = post(router, prompt(), "x-routing-request", "true");
    return Json.read(body.getBytes(StandardCharsets.UTF_8));
  }

  /** Who is not heard for a moment is taken to be busy, and its cache is not worth the wait. */
  private JsonNode decidedForTheTold(Router router) {
    return Awaitility.await("the engine that told is chosen")
        .until(
            () -> decided(router),
            decision -> decision.path("decode").path("worker").asText().equals("told"));
  }

  private static String prompt() {
    return "{\"model\":\"m\",\"max_tokens\":1,\"prompt\":\"" + TEXT + "\"}";
  }

  private static long questions(StubEngine engine) {
    return engine.seen.stream().filter(seen -> seen.path().equals("/tokenize")).count();
  }

  private static void json(HttpServerResponse response, int status, String body) {
    response.setStatusCode(status).putHeader("content-type", "application/json").end(body);
  }

  @Test
  void aTextFindsWhatAnotherEngineTold() throws Exception {
    told();
    StandIn engine = closed(new StandIn(vertx, neighbour));
    Router router = router("asked", neighbour, engine.port(), LONG);
    knows(router);
    JsonNode decision = decidedForTheTold(router);
    assertThat(decision.path("decode").path("cachedTokens").asInt()).isEqualTo(640);
    assertThat(decision.path("tokens")).as("handed on").hasSize(640);
    assertThat(get(router, "/metrics"))
        .containsPattern("tandem_router_tokenize_total\\{outcome=\"ok\"} [1-9]");
  }

  @Test
  void aConversationFindsItToo() throws Exception {
    told();
    StandIn engine = closed(new StandIn(vertx, neighbour));
    Router router = router("asked", neighbour, engine.port(), LONG);
    knows(router);
    String chat =
        "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"" + TEXT + "\"}]}";
    String body =
        send(
            request(router, "/v1/chat/completions")
                .header("x-routing-request", "true")
                .POST(HttpRequest.BodyPublishers.ofString(chat))
                .build());
    JsonNode decision = Json.read(body.getBytes(StandardCharsets.UTF_8));
    assertThat(decision.path("tokens").size()).as("with the template's own").isGreaterThan(640);
  }

  @Test
  void aGatewayAsksAnEngineOfThePool() throws Exception {
    told();
    StandIn engine = closed(new StandIn(vertx, neighbour));
    router("asked", neighbour, engine.port(), LONG);
    Router gateway = router("gateway", GATEWAY, 0, LONG);
    knows(gateway);
    JsonNode decision = decidedForTheTold(gateway);
    assertThat(decision.path("decode").path("cachedTokens").asInt()).isEqualTo(640);
  }

  @Test
  void neverMeansNever() throws Exception {
    told();
    StubEngine engine = stub();
    Router router =
        router(
            "asked",
            neighbour,
            engine.port(),
            IndexConfig.DEFAULT.withTokenize(IndexConfig.Tokenize.NEVER, LONG));
    knows(router);
    post(router, prompt());
    assertThat(questions(engine)).isZero();
  }

  @Test
  void whereNoEngineTellsNobodyIsAsked() {
    StubEngine engine = stub();
    Router router = router("asked", neighbour, engine.port(), LONG);
    Pods.eventually("its engine is up", () -> get(router, "/readyz").equals("ok\n"));
    post(router, prompt());
    assertThat(questions(engine)).isZero();
  }

  @Test
  void aTokenizerThatNeverAnswersDoesNotHoldARequestUp() throws Exception {
    told();
    StubEngine engine = stub();
    Router router = asked((seen, response) -> {}, engine, Duration.ofMillis(20));
    assertThat(decided(router).path("inputTokens").asInt()).as("as its text").isEqualTo(640);
    assertThat(get(router, "/metrics"))
        .contains("tandem_router_tokenize_total{outcome=\"timeout\"} 1.0");
  }

  @Test
  void anEngineWithoutTheEndpointIsNotAskedAgainAtOnce() throws Exception {
    told();
    StubEngine engine = stub();
    Router router =
        asked((seen, response) -> json(response, 404, "{\"detail\":\"Not Found\"}"), engine, LONG);
    for (int i = 0; i < 3; i++) {
      assertThat(decided(router).path("outcome").asText()).isEqualTo("endpoint");
    }
    assertThat(questions(engine)).isEqualTo(1);
    assertThat(get(router, "/metrics"))
        .contains("tandem_router_tokenize_total{outcome=\"absent\"} 1.0");
  }

  @Test
  void anEngineThatDoesNotKnowTheModelIsAskedForOthers() throws Exception {
    told();
    StubEngine engine = stub();
    Router router =
        asked(
            (seen, response) ->
                json(response, 404, "{\"error\":{\"message\":\"The model does not exist.\"}}"),
            engine,
            LONG);
    decided(router);
    decided(router);
    assertThat(questions(engine)).isEqualTo(2);
  }

  @Test
  void nonsenseForAnAnswerLeavesTheText() throws Exception {
    told();
    StubEngine engine = stub();
    Router router =
        asked((seen, response) -> json(response, 200, "{\"tokens\":\"many\"}"), engine, LONG);
    assertThat(decided(router).path("inputTokens").asInt()).isEqualTo(640);
    assertThat(get(router, "/metrics"))
        .contains("tandem_router_tokenize_total{outcome=\"malformed\"} 1.0");
  }

  @Test
  void theEngineIsSentWhatTheClientSent() throws Exception {
    told();
    StubEngine engine = stub();
    Router router =
        asked((seen, response) -> json(response, 200, "{\"tokens\":[1,2,3]}"), engine, LONG);
    post(router, prompt());
    assertThat(questions(engine)).isEqualTo(1);
    assertThat(engine.inferred())
        .allSatisfy(seen -> {
          assertThat(seen.body().has("tokens")).isFalse();
          assertThat(seen.body().path("prompt").asText()).isEqualTo(TEXT);
        });
  }
}
