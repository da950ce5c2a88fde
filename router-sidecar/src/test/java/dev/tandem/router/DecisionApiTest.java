package dev.tandem.router;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tandem.api.Role;
import dev.tandem.router.request.Json;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Decisions for other front ends, and from them. */
class DecisionApiTest {

  private static final String ROUTING_REQUEST = "x-routing-request";

  private final Pods pods = new Pods();

  @AfterEach
  void stop() {
    pods.close();
  }

  private Pods pair() {
    return pods.pod("p0", Role.PREFILL, "g")
        .pod("p1", Role.PREFILL, "g")
        .pod("d0", Role.DECODE, "g");
  }

  private static UnaryRouting trusting() {
    return config ->
        config.withRouting(
            config.routing().withTrustedPickers(List.of(new AddressRange("127.0.0.0/8"))));
  }

  /** A change of a configuration. */
  private interface UnaryRouting extends java.util.function.UnaryOperator<RouterConfig> {}

  private static JsonNode json(HttpResponse<String> answer) {
    try {
      return Json.read(answer.body().getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new AssertionError(answer.body(), e);
    }
  }

  private long sent() {
    return List.of("p0", "p1", "d0").stream()
        .mapToLong(name -> pods.engine(name).inferred().size())
        .sum();
  }

  @Test
  void aRoutingRequestIsAnsweredWithTheDecisionAndNotRouted() {
    pair().start();
    HttpResponse<String> answer =
        pods.post("d0", "/v1/completions", Prompts.plain(), ROUTING_REQUEST, "true");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("x-gateway-worker-id")).contains("d0");
    assertThat(answer.headers().firstValue("x-gateway-destination-endpoint"))
        .contains(pods.listen("d0"));
    JsonNode body = json(answer);
    String prefill = body.path("prefill").path("worker").asText();
    assertThat(prefill).isIn("p0", "p1");
    assertThat(answer.headers().firstValue("x-prefiller-host-port"))
        .contains(pods.host(prefill) + ":8000");
    assertThat(body.path("policy").asText()).isEqualTo("tandem");
    assertThat(body.path("outcome").asText()).isEqualTo("pair");
    assertThat(body.path("prediction").path("seconds").asDouble()).isGreaterThan(0);
    assertThat(body.path("candidates")).hasSize(3); // two pairs, and d0 alone
    assertThat(body.path("candidates").path(0).path("score").asDouble())
        .isLessThanOrEqualTo(body.path("candidates").path(1).path("score").asDouble());
    assertThat(body.has("tokens")).isFalse();
    assertThat(sent()).isZero();
  }

  @Test
  void tokensComeBackWhereTheyAreKnown() {
    pair().start();
    HttpResponse<String> answer =
        pods.post(
            "d0",
            "/v1/completions",
            "{\"model\":\"llama\",\"prompt\":[5,6,7]}",
            ROUTING_REQUEST,
            "true");
    assertThat(json(answer).path("tokens").toString()).isEqualTo("[5,6,7]");
    assertThat(json(answer).path("inputTokens").asInt()).isEqualTo(3);
  }

  @Test
  void aRoutingRequestThatNobodyCanServeSaysWhy() {
    pods.gateway();
    HttpResponse<String> answer =
        pods.post("gateway", "/v1/completions", Prompts.plain(), ROUTING_REQUEST, "true");
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.headers().firstValue("x-llm-d-request-dropped-reason"))
        .contains("rejected-no-endpoints");
    assertThat(answer.headers().firstValue("retry-after")).isPresent();
    assertThat(json(answer).path("outcome").asText()).isEqualTo("none");
  }

  @Test
  void aTrustedPickersChoiceIsTaken() {
    pods.configure(trusting());
    pair().start();
    HttpResponse<String> answer =
        pods.post(
            "d0",
            "/v1/completions",
            Prompts.plain(),
            "x-gateway-worker-id",
            "d0",
            "x-prefiller-host-port",
            pods.host("p1") + ":8000");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("x-tandem-prefill")).contains("p1");
    assertThat(pods.engine("p0").inferred()).isEmpty();
  }

  @Test
  void aPrefillerAloneMeansThatTheOwnEngineDecodes() {
    pods.configure(trusting());
    pair().pod("d1", Role.DECODE, "g").start();
    HttpResponse<String> answer =
        pods.post(
            "d1",
            "/v1/completions",
            Prompts.plain(),
            "x-prefiller-host-port",
            pods.host("p1") + ":8201");
    assertThat(answer.headers().firstValue("x-tandem-decode")).contains("d1");
    assertThat(answer.headers().firstValue("x-tandem-prefill")).contains("p1");
  }

  @Test
  void nobodyElsesChoiceIs() {
    pair().start();
    HttpResponse<String> answer =
        pods.post(
            "d0",
            "/v1/completions",
            Prompts.plain(),
            "x-gateway-worker-id",
            "nobody",
            "x-prefiller-host-port",
            "127.0.0.1:22");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("x-tandem-decode")).contains("d0");
  }

  @Test
  void aChoiceOutsideThePoolIsRefused() {
    pods.configure(trusting());
    pair().start();
    for (String[] header :
        new String[][] {
          {"x-gateway-worker-id", "nobody"},
          {"x-prefiller-host-port", "127.0.0.1:22"},
          {"x-gateway-destination-endpoint", pods.host("d0") + ":22"},
          {"x-prefiller-host-port", pods.listen("d0")}
        }) {
      HttpResponse<String> answer = pods.post("d0", "/v1/completions", Prompts.plain(), header);
      assertThat(answer.statusCode()).as(header[0]).isEqualTo(403);
    }
    assertThat(sent()).isZero();
    assertThat(pods.metrics("d0"))
        .contains("tandem_router_refused_total{reason=\"foreign_direction\"} 4.0");
  }

  @Test
  void aTrustedPickersTokensStandForThePromptAndGoNoFurther() {
    pods.configure(trusting());
    pair().start();
    String body = "{\"model\":\"llama\",\"prompt\":\"hello there\",\"tokens\":[1,2,3,4,5,6,7]}";
    assertThat(
            json(pods.post("d0", "/v1/completions", body, ROUTING_REQUEST, "true"))
                .path("inputTokens")
                .asInt())
        .isEqualTo(7);
    pods.post("d0", "/v1/completions", body);
    assertThat(pods.engine("d0").inferred())
        .allSatisfy(seen -> {
          assertThat(seen.body().has("tokens")).isFalse();
          assertThat(seen.body().path("prompt").asText()).isEqualTo("hello there");
        });
  }

  @Test
  void theLastDecisionsAreExplainedNewestFirst() {
    pair().start();
    for (String id : List.of("one", "two", "three")) {
      pods.post("d0", "/v1/completions", Prompts.plain(), "x-request-id", id);
    }
    JsonNode explained = json(pods.get("d0", "/explain?n=2")).path("decisions");
    assertThat(explained).hasSize(2);
    assertThat(explained.path(0).path("request").asText()).isEqualTo("three");
    assertThat(explained.path(1).path("request").asText()).isEqualTo("two");
    assertThat(explained.path(0).path("candidates").path(0).path("prediction").has("seconds"))
        .isTrue();
    assertThat(pods.get("d0", "/explain?n=all").statusCode()).isEqualTo(400);
  }

  @Test
  void noMoreDecisionsAreKeptThanTheBound() {
    pair().start();
    for (int i = 0; i < Routing.DEFAULT.decisionsKept() + 5; i++) {
      pods.post("d0", "/v1/completions", Prompts.plain(), ROUTING_REQUEST, "true");
    }
    assertThat(json(pods.get("d0", "/explain?n=999")).path("decisions").size())
        .isLessThanOrEqualTo(Routing.DEFAULT.decisionsKept());
  }
}
