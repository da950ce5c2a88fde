package dev.tandem.router;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.api.Role;
import io.vertx.core.http.HttpServerResponse;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What happens where every engine is full: one engine that takes one request at a time. */
class SaturationTest {

  private static final String DROPPED = "x-llm-d-request-dropped-reason";
  private static final Duration LONG = Duration.ofSeconds(60);

  private final Pods pods = new Pods();
  private final ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();
  private final BlockingQueue<Held> held = new LinkedBlockingQueue<>();

  private record Held(String who, HttpServerResponse response) {}

  @AfterEach
  void stop() {
    clients.shutdownNow();
    pods.close();
  }

  private void start(int entries, Duration longest) {
    start(entries, longest, Limits.DEFAULT.indexBlocks());
  }

  private void start(int entries, Duration longest, int indexBlocks) {
    Limits d = Limits.DEFAULT;
    pods.configure(config ->
        config
            .withLimits(
                new Limits(
                    d.maxBodyBytes(),
                    d.connect(),
                    d.firstByte(),
                    d.answer(),
                    d.idle(),
                    d.pullGrace(),
                    d.retries(),
                    d.retryBudget(),
                    indexBlocks,
                    1))
            .withRouting(
                new Routing(
                    Policy.TANDEM,
                    0,
                    0,
                    dev.tandem.router.choose.Weights.ADAPTIVE,
                    config.routing().session(),
                    java.util.Map.of("critical", 10, "batch", -1),
                    List.of(),
                    new Routing.Queue(entries, 1 << 20, longest),
                    16)));
    pods.pod("b0", Role.BOTH, null).start();
    pods.engine("b0")
        .onInfer(
            (seen, response) -> held.add(new Held(seen.body().path("user").asText(), response)));
  }

  private Future<HttpResponse<String>> send(String who, String... headers) {
    return clients.submit(() ->
        pods.post(
            "b0",
            "/v1/completions",
            "{\"model\":\"llama\",\"prompt\":\"x\",\"user\":\"" + who + "\"}",
            headers));
  }

  /** Whom the engine got next; it goes on holding until {@link #finish}. */
  private Held next() throws InterruptedException {
    Held next = held.poll(20, TimeUnit.SECONDS);
    if (next == null) {
      throw new AssertionError("the engine got nothing");
    }
    return next;
  }

  private static void finish(Held request) {
    request
        .response()
        .putHeader("content-type", "application/json")
        .end("{\"id\":\"" + request.who() + "\"}");
  }

  private void waiting(int entries) {
    Pods.eventually(
        entries + " wait",
        () -> pods.metrics("b0").contains("tandem_router_queue_entries " + entries + ".0"));
  }

  private static HttpResponse<String> answer(Future<HttpResponse<String>> future) throws Exception {
    return future.get(20, TimeUnit.SECONDS);
  }

  @Test
  void withoutAQueueOneMoreIsToldToComeAgain() throws Exception {
    start(0, LONG);
    Future<HttpResponse<String>> first = send("first");
    Held one = next();
    HttpResponse<String> refused = answer(send("second"));
    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(refused.headers().firstValue("retry-after")).contains("1");
    assertThat(refused.headers().firstValue(DROPPED)).contains("rejected-saturated");
    assertThat(refused.body()).contains("b0 has 1 requests");
    finish(one);
    assertThat(answer(first).statusCode()).isEqualTo(200);
    assertThat(pods.metrics("b0"))
        .contains("tandem_router_dropped_total{reason=\"saturated\"} 1.0");
  }

  @Test
  void whoIsTurnedAwayIsToldWhenThePromptsInFrontAreComputed() throws Exception {
    start(0, LONG);
    // 500,000 tokens at 8,000 a second are more than the half minute that is the most.
    String large = "{\"model\":\"llama\",\"prompt\":\"" + "word".repeat(500_000) + "\"}";
    clients.submit(() -> pods.post("b0", "/v1/completions", large));
    next();
    HttpResponse<String> refused = answer(send("second"));
    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(refused.headers().firstValue("retry-after")).contains("30");
  }

  @Test
  void whoWaitsIsServedByPriorityAndTenantsInTurn() throws Exception {
    start(8, LONG);
    List<Future<HttpResponse<String>>> all = new ArrayList<>();
    all.add(send("first"));
    Held now = next();
    int queued = 0;
    for (String[] request :
        new String[][] {
          {"a1", "x-llm-d-inference-fairness-id", "a"},
          {"a2", "x-llm-d-inference-fairness-id", "a"},
          {"b1", "x-llm-d-inference-fairness-id", "b"},
          {"late", "x-vllm-priority", "5"},
          {"urgent", "x-llm-d-inference-objective", "critical"}
        }) {
      all.add(send(request[0], request[1], request[2]));
      waiting(++queued);
    }
    List<String> order = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      finish(now);
      now = next();
      order.add(now.who());
    }
    finish(now);
    assertThat(order).containsExactly("urgent", "a1", "b1", "a2", "late");
    for (Future<HttpResponse<String>> each : all) {
      assertThat(answer(each).statusCode()).isEqualTo(200);
    }
    assertThat(pods.metrics("b0")).contains("tandem_router_queue_wait_seconds_count 5");
  }

  @Test
  void aPromptTheCacheLostCountsOnceHoweverOftenItIsTriedWhileItWaits() throws Exception {
    start(8, LONG, 1); // the second prompt drives the first one out
    for (String who : List.of("a", "b")) {
      Future<HttpResponse<String>> sent = sendBlock(who);
      finish(next());
      answer(sent);
    }
    Future<HttpResponse<String>> first = sendBlock("c");
    Held now = next();
    Future<HttpResponse<String>> lost = sendBlock("a");
    waiting(1);
    double tried = pods.metric("b0", "tandem_router_decision_seconds_count");
    Pods.eventually(
        "it is tried again and again",
        () -> pods.metric("b0", "tandem_router_decision_seconds_count") > tried + 5);
    // One block of four, six times: a little more, since the older ones count a little less.
    assertThat(pods.metric("b0", "tandem_router_uncached_weight")).isBetween(2.5, 2.51);
    pods.post("b0", "/v1/completions", block("a"), "x-routing-request", "true");
    assertThat(pods.metric("b0", "tandem_router_uncached_weight"))
        .as("who only asks does not count")
        .isBetween(2.5, 2.51);
    finish(now);
    finish(next());
    assertThat(answer(first).statusCode()).isEqualTo(200);
    assertThat(answer(lost).statusCode()).isEqualTo(200);
  }

  /** One block of 64 tokens, 4 bytes each. */
  private static String block(String who) {
    return "{\"model\":\"llama\",\"prompt\":\"" + who.repeat(256) + "\"}";
  }

  private Future<HttpResponse<String>> sendBlock(String who) {
    return clients.submit(() -> pods.post("b0", "/v1/completions", block(who)));
  }

  @Test
  void whoWaitedTooLongIsTurnedAway() throws Exception {
    start(8, Duration.ofMillis(100));
    send("first");
    next();
    HttpResponse<String> expired = answer(send("second"));
    assertThat(expired.statusCode()).isEqualTo(429);
    assertThat(expired.headers().firstValue(DROPPED)).contains("rejected-ttl-expired");
  }

  @Test
  void aRequestsOwnDeadlineCounts() throws Exception {
    start(8, LONG);
    send("first");
    next();
    HttpResponse<String> expired = answer(send("second", "x-llm-d-slo-ttft-ms", "100"));
    assertThat(expired.headers().firstValue(DROPPED)).contains("rejected-ttl-expired");
  }

  @Test
  void aSheddableObjectiveDoesNotWait() throws Exception {
    start(8, LONG);
    send("first");
    next();
    HttpResponse<String> shed = answer(send("second", "x-llm-d-inference-objective", "batch"));
    assertThat(shed.statusCode()).isEqualTo(429);
    assertThat(shed.headers().firstValue(DROPPED)).contains("rejected-saturated");
  }

  @Test
  void atTheBoundAMoreImportantOneTakesThePlaceOfALess() throws Exception {
    start(1, LONG);
    send("first");
    Held now = next();
    Future<HttpResponse<String>> less = send("less");
    waiting(1);
    Future<HttpResponse<String>> more = send("more", "x-llm-d-inference-objective", "critical");
    HttpResponse<String> evicted = answer(less);
    assertThat(evicted.statusCode()).isEqualTo(429);
    assertThat(evicted.headers().firstValue(DROPPED)).contains("evicted-priority");
    finish(now);
    Held next = next();
    assertThat(next.who()).isEqualTo("more");
    finish(next);
    assertThat(answer(more).statusCode()).isEqualTo(200);
  }

  @Test
  void whoeverLeavesWhileWaitingGivesUpItsPlace() throws Exception {
    start(8, LONG);
    send("first");
    Held now = next();
    try (RawClient leaver = new RawClient(pods.listen("b0"))) {
      String body = "{\"model\":\"llama\",\"prompt\":\"x\",\"user\":\"leaver\"}";
      leaver.write(
          "POST /v1/completions HTTP/1.1\r\nHost: x\r\nContent-Length: "
              + body.length()
              + "\r\n\r\n"
              + body);
      waiting(1);
    }
    waiting(0);
    Future<HttpResponse<String>> other = send("other");
    waiting(1);
    finish(now);
    Held next = next();
    assertThat(next.who()).isEqualTo("other");
    finish(next);
    assertThat(answer(other).statusCode()).isEqualTo(200);
    assertThat(pods.metrics("b0"))
        .contains("tandem_router_dropped_total{reason=\"context_cancelled\"} 1.0");
  }
}
