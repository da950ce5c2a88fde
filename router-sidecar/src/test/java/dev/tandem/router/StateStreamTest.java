package dev.tandem.router;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.api.Role;
import io.vertx.core.http.HttpServerResponse;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Routers come to know what the others routed. */
class StateStreamTest {

  private final Pods pods = new Pods();

  @BeforeEach
  void start() {
    pods.pod("p0", Role.PREFILL, "g")
        .pod("p1", Role.PREFILL, "g")
        .pod("d0", Role.DECODE, "g")
        .pod("d1", Role.DECODE, "g")
        .start();
  }

  @AfterEach
  void stop() {
    pods.close();
  }

  private boolean everyRouterCounts(int requests) {
    return java.util.stream.Stream.of("p0", "p1", "d0", "d1")
        .allMatch(pod -> pods.metrics(pod).contains("tandem_router_in_flight " + requests + ".0"));
  }

  @Test
  void everyRouterCountsARequestUntilItIsOver() throws Exception {
    CompletableFuture<HttpServerResponse> waiting = new CompletableFuture<>();
    pods.engine("p0").onInfer((seen, response) -> waiting.complete(response));
    try (RawClient client = new RawClient(pods.listen("d1"))) {
      client.post("/v1/completions", Prompts.stream());
      HttpServerResponse prefill = waiting.get(10, TimeUnit.SECONDS);
      Pods.eventually("all count one", () -> everyRouterCounts(1));
      prefill.end("{\"kv_transfer_params\":" + StubEngine.PARAMS + "}");
      client.readUntil("[DONE]");
    }
    Pods.eventually("all count none", () -> everyRouterCounts(0));
  }

  @Test
  void anotherRouterAvoidsThePrefillPodThisOneMadeBusy() throws Exception {
    CompletableFuture<HttpServerResponse> waiting = new CompletableFuture<>();
    pods.engine("p0").onInfer((seen, response) -> waiting.complete(response));
    try (RawClient client = new RawClient(pods.listen("d1"))) {
      client.post("/v1/completions", Prompts.stream());
      HttpServerResponse prefill = waiting.get(10, TimeUnit.SECONDS);
      Pods.eventually("all count one", () -> everyRouterCounts(1));
      // A pod that is not heard for a moment is taken to be busy, too.
      String other = Prompts.plain().replace("once", "twice");
      Pods.eventually(
          "the idle one is chosen",
          () ->
              pods.post("d0", "/v1/completions", other, "x-routing-request", "true")
                  .headers()
                  .firstValue("x-prefiller-host-port")
                  .equals(Optional.of(pods.host("p1") + ":8000")));
      prefill.end("{}");
    }
  }

  @Test
  void anotherRouterGoesWhereThisOnesCacheIs() {
    // Twice as busy pods still win with the cache: the prompt is computed nowhere again.
    String first =
        pods.post("d1", "/v1/completions", Prompts.plain())
            .headers()
            .firstValue("x-tandem-prefill")
            .orElseThrow();
    String body = Prompts.plain().replace("\"}", "and then \"}");
    Pods.eventually(
        "the cache is known", () -> pods.metrics("d0").contains("tandem_router_index_blocks 66.0"));
    for (int i = 0; i < 3; i++) {
      var answer = pods.post("d0", "/v1/completions", body);
      assertThat(answer.headers().firstValue("x-tandem-prefill").orElse(first)).isEqualTo(first);
    }
  }
}
