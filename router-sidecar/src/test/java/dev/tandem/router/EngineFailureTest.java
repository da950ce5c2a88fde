package dev.tandem.router;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.api.Role;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Engines that fail, hang or die: the caller gets an answer or a clear error, and it is counted.
 */
class EngineFailureTest {

  /** Far longer than any answer that comes takes on a slow machine. */
  private static final Duration PATIENCE = Duration.ofSeconds(4);

  private final Pods pods = new Pods();

  @AfterEach
  void stop() {
    pods.close();
  }

  private Pods pair() {
    return pods.pod("p0", Role.PREFILL, "g").pod("d0", Role.DECODE, "g");
  }

  private static Limits impatient() {
    Limits d = Limits.DEFAULT;
    return new Limits(
        4096 * 16,
        d.connect(),
        PATIENCE,
        PATIENCE,
        PATIENCE,
        d.pullGrace(),
        1,
        d.retryBudget(),
        d.indexBlocks(),
        d.mostInFlight());
  }

  @Test
  void aDecodeEngineThatFailsWithAFetchedCacheIsAskedOnceMoreWithout() {
    pair().start();
    StubEngine decode = pods.engine("d0");
    decode.onInfer((seen, response) -> {
      if (seen.isDecodeLeg()) {
        response.setStatusCode(500).end("{\"error\":{}}");
      } else {
        decode.normal(seen, response);
      }
    });
    HttpResponse<String> answer = pods.post("p0", "/v1/completions", Prompts.stream());
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).endsWith("data: [DONE]\n\n");
    assertThat(answer.headers().firstValue("x-tandem-prefill")).isEmpty();
    assertThat(decode.inferred()).hasSize(2);
    assertThat(pods.metrics("d0")).contains("tandem_router_decode_again_total 1.0");
  }

  @Test
  void aRequestTriedOnAnotherEngineIsLookedUpOnceAsFarAsIsCounted() {
    pods.pod("a", Role.BOTH, null).pod("b", Role.BOTH, null).start();
    for (String name : new String[] {"a", "b"}) {
      pods.engine(name)
          .onInfer((seen, response) -> response.setStatusCode(503).end("{\"error\":{}}"));
    }
    assertThat(pods.post("a", "/v1/completions", Prompts.plain()).statusCode()).isEqualTo(503);
    assertThat(pods.engine("a").inferred().size() + pods.engine("b").inferred().size())
        .isGreaterThan(1);
    assertThat(pods.metric("a", "tandem_router_prefix_blocks_asked_total"))
        .isEqualTo(Prompts.LONG.length() / 256);
  }

  @Test
  void aStreamThatBeginsWithAnErrorIsAskedForOnceMore() {
    pair().start();
    StubEngine decode = pods.engine("d0");
    decode.onInfer((seen, response) -> {
      if (seen.isDecodeLeg()) {
        response
            .putHeader("content-type", "text/event-stream")
            .end("data: {\"error\": {\"message\":\"no\",\"code\":500}}\n\ndata: [DONE]\n\n");
      } else {
        decode.normal(seen, response);
      }
    });
    assertThat(pods.post("p0", "/v1/completions", Prompts.stream()).body()).contains("t2");
  }

  @Test
  void aPrefillEngineThatFailsIsReplacedByAnother() {
    pair().pod("p1", Role.PREFILL, "g").start();
    pods.engine("p0").onInfer((seen, response) -> response.setStatusCode(500).end());
    HttpResponse<String> answer = pods.post("d0", "/v1/completions", Prompts.stream());
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("x-tandem-prefill")).contains("p1");
    assertThat(pods.engine("d0").inferred()).singleElement().matches(StubEngine.Seen::isDecodeLeg);
    assertThat(pods.metrics("d0")).contains("tandem_router_prefill_lost_total 1.0");
  }

  @Test
  void withoutAnyPrefillEngineDecodeComputesThePrompt() {
    pair().start();
    pods.engine("p0").onInfer((seen, response) -> response.reset());
    HttpResponse<String> answer = pods.post("d0", "/v1/completions", Prompts.stream());
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("x-tandem-prefill")).isEmpty();
    assertThat(pods.engine("d0").inferred()).singleElement().matches(seen -> !seen.isDecodeLeg());
  }

  @Test
  void aPrefillEngineThatHangsIsGivenUp() {
    pods.configure(config -> config.withLimits(impatient()));
    pair().start();
    pods.engine("p0").onInfer((seen, response) -> {});
    assertThat(pods.post("d0", "/v1/completions", Prompts.stream()).statusCode()).isEqualTo(200);
    assertThat(pods.engine("d0").inferred()).singleElement().matches(seen -> !seen.isDecodeLeg());
    assertThat(pods.metrics("d0")).contains("tandem_router_prefill_lost_total 1.0");
  }

  @Test
  void aClientErrorOfThePrefillEngineIsPassedOn() {
    pair().start();
    pods.engine("p0")
        .onInfer((seen, response) -> response.setStatusCode(400).end("{\"error\":\"too long\"}"));
    HttpResponse<String> answer = pods.post("d0", "/v1/completions", Prompts.stream());
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).isEqualTo("{\"error\":\"too long\"}");
    assertThat(pods.engine("d0").inferred()).isEmpty();
  }

  @Test
  void anotherDecodePodTakesOverWhenOneDies() {
    pair().pod("d1", Role.DECODE, "g").start();
    pods.engine("d0").close();
    HttpResponse<String> answer = pods.post("p0", "/v1/completions", Prompts.stream());
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("x-tandem-decode")).contains("d1");
  }

  @Test
  void anOnlyEngineThatFailsGivesItsErrorToTheCaller() {
    pods.pod("b0", Role.BOTH, null).start();
    pods.engine("b0")
        .onInfer((seen, response) -> response.setStatusCode(500).end("{\"error\":\"mine\"}"));
    HttpResponse<String> answer = pods.post("b0", "/v1/completions", Prompts.plain());
    assertThat(answer.statusCode()).isEqualTo(500);
    assertThat(answer.body()).isEqualTo("{\"error\":\"mine\"}");
    assertThat(pods.metrics("b0")).contains("tandem_router_requests_total{outcome=\"error\"} 1.0");
  }

  @Test
  void anOnlyEngineThatHangsGivesATimeout() {
    pods.configure(config -> config.withLimits(impatient()));
    pods.pod("b0", Role.BOTH, null).start();
    pods.engine("b0").onInfer((seen, response) -> {});
    HttpResponse<String> answer = pods.post("b0", "/v1/completions", Prompts.stream());
    assertThat(answer.statusCode()).isEqualTo(504);
    assertThat(answer.body()).contains("b0 did not answer within").contains("\"code\":504");
    assertThat(pods.metrics("b0"))
        .contains("tandem_router_attempts_failed_total{reason=\"timed_out\"}");
  }

  @Test
  void anEngineThatDiesBeforeTheFirstByteGivesABadGateway() {
    pods.pod("b0", Role.BOTH, null).start();
    pods.engine("b0").onInfer((seen, response) -> response.reset());
    HttpResponse<String> answer = pods.post("b0", "/v1/completions", Prompts.stream());
    assertThat(answer.statusCode()).isEqualTo(502);
    assertThat(answer.body()).contains("BadGatewayError");
    assertThat(pods.metrics("b0"))
        .contains("tandem_router_attempts_failed_total{reason=\"closed\"}")
        .contains("tandem_router_requests_total{outcome=\"error\"} 1.0");
  }

  @Test
  void aStreamThatBreaksOffEndsWithAnErrorEvent() {
    pods.pod("b0", Role.BOTH, null).start();
    pods.engine("b0")
        .onInfer((seen, response) -> {
          response.putHeader("content-type", "text/event-stream").setChunked(true);
          response
              .write("data: {\"choices\":[]}\n\n")
              .onComplete(written -> pods.vertx.setTimer(50, id -> response.reset()));
        });
    HttpResponse<String> answer = pods.post("b0", "/v1/completions", Prompts.stream());
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body())
        .startsWith("data: {\"choices\":[]}\n\n")
        .contains("\"code\":502")
        .endsWith("data: [DONE]\n\n");
    assertThat(pods.metrics("b0")).contains("tandem_router_requests_total{outcome=\"cut\"} 1.0");
  }

  @Test
  void aStreamThatFallsSilentEndsWithAnErrorEvent() {
    pods.configure(config -> config.withLimits(impatient()));
    pods.pod("b0", Role.BOTH, null).start();
    pods.engine("b0")
        .onInfer((seen, response) -> {
          response.putHeader("content-type", "text/event-stream").setChunked(true);
          response.write("data: {\"choices\":[]}\n\n");
        });
    assertThat(pods.post("b0", "/v1/completions", Prompts.stream()).body())
        .contains("the engine sent nothing for")
        .endsWith("data: [DONE]\n\n");
  }
}
