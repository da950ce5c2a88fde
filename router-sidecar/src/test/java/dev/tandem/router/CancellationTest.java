package dev.tandem.router;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.api.Role;
import io.vertx.core.http.HttpServerResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The client closes its connection; the engines must learn of it. */
class CancellationTest {

  private final Pods pods = new Pods();

  @BeforeEach
  void start() {
    pods.pod("p0", Role.PREFILL, "g").pod("d0", Role.DECODE, "g").start();
  }

  @AfterEach
  void stop() {
    pods.close();
  }

  private static boolean within(java.util.concurrent.CountDownLatch latch) throws Exception {
    return latch.await(10, TimeUnit.SECONDS);
  }

  @Test
  void beforeTheFirstTokenThePrefillLegIsClosed() throws Exception {
    pods.engine("p0").onInfer((seen, response) -> {});
    try (RawClient client = new RawClient(pods.listen("p0"))) {
      client.post("/v1/completions", Prompts.stream());
      assertThat(within(pods.engine("p0").inferring)).isTrue();
    }
    assertThat(within(pods.engine("p0").closedEarly)).isTrue();
    assertThat(pods.engine("d0").inferred()).isEmpty();
  }

  @Test
  void inTheMiddleOfAStreamTheDecodeLegIsClosed() throws Exception {
    pods.engine("d0")
        .onInfer((seen, response) -> {
          response.putHeader("content-type", "text/event-stream").setChunked(true);
          response.write("data: {\"choices\":[]}\n\n");
        });
    try (RawClient client = new RawClient(pods.listen("p0"))) {
      client.post("/v1/completions", Prompts.stream()).readUntil("choices");
    }
    assertThat(within(pods.engine("d0").closedEarly)).isTrue();
  }

  @Test
  void aDecodeLegThatMayBeFetchingIsClosedWithItsFirstByteAndNotBefore() throws Exception {
    CompletableFuture<HttpServerResponse> fetching = new CompletableFuture<>();
    pods.engine("d0").onInfer((seen, response) -> fetching.complete(response));
    HttpServerResponse response;
    try (RawClient client = new RawClient(pods.listen("p0"))) {
      client.post("/v1/completions", Prompts.stream());
      response = fetching.get(10, TimeUnit.SECONDS);
    }
    Pods.eventually(
        "the router notes that the leg outlives its client",
        () -> pods.metrics("d0").contains("tandem_router_pulls_outlived_total 1.0"));
    assertThat(pods.engine("d0").closedEarly.getCount()).isEqualTo(1);
    response.putHeader("content-type", "text/event-stream").setChunked(true);
    response.write("data: {\"choices\":[]}\n\n");
    assertThat(within(pods.engine("d0").closedEarly)).isTrue();
  }

  @Test
  void nothingOfACancelledRequestStaysInTheLoad() throws Exception {
    pods.engine("p0").onInfer((seen, response) -> {});
    try (RawClient client = new RawClient(pods.listen("d0"))) {
      client.post("/v1/completions", Prompts.stream());
      assertThat(within(pods.engine("p0").inferring)).isTrue();
    }
    Pods.eventually(
        "both routers forget it",
        () ->
            pods.metrics("d0").contains("tandem_router_in_flight 0.0")
                && pods.metrics("p0").contains("tandem_router_in_flight 0.0"));
    assertThat(pods.metrics("d0"))
        .contains("tandem_router_requests_total{outcome=\"cancelled\"} 1.0");
  }
}
