package dev.tandem.router;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.api.Role;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the public port answers itself, passes on and refuses. */
class PublicPortTest {

  private final Pods pods = new Pods();

  @BeforeEach
  void start() {
    Limits d = Limits.DEFAULT;
    pods.configure(config ->
        config.withLimits(
            new Limits(
                100_000,
                d.connect(),
                d.firstByte(),
                d.answer(),
                d.idle(),
                d.pullGrace(),
                d.retries(),
                d.retryBudget(),
                d.indexBlocks(),
                d.mostInFlight())));
    pods.pod("b0", Role.BOTH, null).start();
  }

  @AfterEach
  void stop() {
    pods.close();
  }

  @Test
  void aTruncatedBodyIsABadRequest() {
    HttpResponse<String> answer =
        pods.post("b0", "/v1/chat/completions", "{\"model\":\"llama\",\"messages\":[{\"ro");
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("\"error\"").contains("not JSON").contains("\"code\":400");
    assertThat(pods.metrics("b0"))
        .contains("tandem_router_refused_total{reason=\"bad_request\"} 1.0");
  }

  @Test
  void aBodyThatIsNoObjectIsABadRequest() {
    assertThat(pods.post("b0", "/v1/completions", "[1]").statusCode()).isEqualTo(400);
  }

  @Test
  void anOversizedBodyIsRefusedByItsDeclaredLength() {
    try (RawClient client = new RawClient(pods.listen("b0"))) {
      client.write("POST /v1/completions HTTP/1.1\r\nHost: x\r\nContent-Length: 100001\r\n\r\n");
      assertThat(client.readUntil("\r\n\r\n")).startsWith("HTTP/1.1 413");
    }
    assertThat(pods.metrics("b0"))
        .contains("tandem_router_refused_total{reason=\"too_large\"} 1.0");
  }

  @Test
  void anOversizedBodyOfUnknownLengthIsRefusedOnItsWay() {
    try (RawClient client = new RawClient(pods.listen("b0"))) {
      client.write(
          "POST /v1/completions HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
      client.write("1869F\r\n" + "x".repeat(99_999) + "\r\n");
      client.write("2\r\nxx\r\n");
      assertThat(client.readUntil("\r\n\r\n")).startsWith("HTTP/1.1 413");
    }
  }

  @Test
  void aBodyThatBreaksOffIsCountedAndHarmsNobody() {
    try (RawClient client = new RawClient(pods.listen("b0"))) {
      client.write("POST /v1/completions HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{\"mo");
    }
    Pods.eventually(
        "counted",
        () ->
            pods.metrics("b0").contains("tandem_router_refused_total{reason=\"broken_off\"} 1.0"));
    assertThat(pods.engine("b0").inferred()).isEmpty();
    assertThat(pods.post("b0", "/v1/completions", Prompts.plain()).statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\u0001", "\u007f", "\u00ff", "\u000b"})
  void aHeaderThatCannotBePassedOnLeavesNobodyWaiting(String oddity) {
    try (RawClient client = new RawClient(pods.listen("b0"))) {
      String body = "{\"prompt\":\"x\"}";
      client.write(
          "POST /v1/completions HTTP/1.1\r\nHost: x\r\nx-odd: a"
              + oddity
              + "b\r\nContent-Length: "
              + body.length()
              + "\r\n\r\n"
              + body);
      assertThat(client.readUntil("\r\n\r\n")).startsWith("HTTP/1.1 ");
    }
    assertThat(pods.post("b0", "/v1/completions", Prompts.plain()).statusCode()).isEqualTo(200);
  }

  @Test
  void aClientThatExpectsToBeToldToContinueIsTold() {
    try (RawClient client = new RawClient(pods.listen("b0"))) {
      client.write(
          "POST /v1/completions HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n"
              + "Content-Length: 15\r\n\r\n");
      assertThat(client.readUntil("\r\n\r\n")).startsWith("HTTP/1.1 100");
      client.write("{\"prompt\":\"abc\"}".substring(0, 15));
      assertThat(client.readUntil("\r\n\r\n")).startsWith("HTTP/1.1 400");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/sleep?level=1",
        "/wake_up",
        "/reset_prefix_cache",
        "/collective_rpc",
        "/pause",
        "//sleep",
        "/%73leep",
        "/./sleep",
        "/v1/../sleep",
        "/v1/%2e%2e/Sleep",
        "/tandem/v1/state"
      })
  void developmentEndpointsAreRefusedInAnySpelling(String path) {
    try (RawClient client = new RawClient(pods.listen("b0"))) {
      client.post(path, "{}");
      assertThat(client.readUntil("\r\n\r\n")).startsWith("HTTP/1.1 403");
    }
    assertThat(pods.engine("b0").seen).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/models", "/version", "/tokenizer_info?x=1"})
  void otherQuestionsReachTheOwnEngine(String path) {
    HttpResponse<String> answer = pods.get("b0", path);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).contains(path.replaceAll("\\?.*", ""));
  }

  @Test
  void otherWorkReachesTheOwnEngineWithItsBody() {
    pods.post("b0", "/v1/embeddings", "{\"input\":\"x\"}");
    assertThat(pods.engine("b0").seen.getLast().body().path("input").asText()).isEqualTo("x");
  }

  @Test
  void metricsHoldTheEnginesAndTheRouters() {
    // An engine that does not answer within a second is left out.
    Pods.eventually(
        "the engine's come first",
        () -> pods.metrics("b0").startsWith("vllm:num_requests_running 0.0\n"));
    assertThat(pods.metrics("b0"))
        .contains("tandem_router_engine_up 1.0")
        .contains("tandem_router_discovery_up 1.0");
  }

  @Test
  void theEnginesHealthIsTheHealth() {
    assertThat(pods.get("b0", "/health").statusCode()).isEqualTo(200);
    assertThat(pods.get("b0", "/healthz").statusCode()).isEqualTo(200);
    pods.engine("b0").close();
    Pods.eventually("not ready", () -> pods.get("b0", "/readyz").statusCode() == 503);
    assertThat(pods.get("b0", "/healthz").statusCode()).isEqualTo(200);
    assertThat(pods.get("b0", "/readyz").body()).contains("the engine does not answer");
  }

  @Test
  void aGatewayThatThePodsDoNotTrustServesNobody() {
    pods.gateway();
    HttpResponse<String> answer = pods.post("gateway", "/v1/completions", Prompts.plain());
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(pods.metrics("b0")).contains("tandem_router_refused_total{reason=\"foreign_peer\"}");
  }

  @Test
  void aGatewayThatThePodsTrustServesThroughThem() {
    try (Pods trusting = new Pods()) {
      String gateway = Pods.address();
      trusting.configure(config -> config.withTrustedPeers(java.util.List.of(gateway)));
      trusting.pod("b0", Role.BOTH, null).start().gateway(gateway);
      HttpResponse<String> answer = trusting.post("gateway", "/v1/completions", Prompts.plain());
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.headers().firstValue("x-tandem-decode")).contains("b0");
    }
  }

  @Test
  void aGatewayWithoutPodsSaysSo() {
    try (Pods none = new Pods().gateway()) {
      HttpResponse<String> answer = none.post("gateway", "/v1/completions", Prompts.plain());
      assertThat(answer.statusCode()).isEqualTo(503);
      assertThat(answer.headers().firstValue("retry-after")).contains("1");
      assertThat(answer.body()).contains("no engine is ready");
      assertThat(none.get("gateway", "/readyz").statusCode()).isEqualTo(503);
    }
  }
}
