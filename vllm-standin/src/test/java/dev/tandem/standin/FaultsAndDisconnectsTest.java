package dev.tandem.standin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FaultsAndDisconnectsTest {
  private static final String TEXT = "/v1/completions";
  private static final String STREAM = "{\"prompt\":\"a\",\"max_tokens\":50,\"stream\":true}";
  private static final Map<String, String> DEVELOPMENT = Map.of("VLLM_SERVER_DEV_MODE", "1");

  private final EngineFixture engines = new EngineFixture();

  @AfterEach
  void stop() {
    engines.close();
  }

  @Test
  void aClientThatGoesBeforeTheFirstTokenFreesItsPlace() throws Exception {
    Engine engine = engines.start("--standin-speed-up=0.001");
    try (Socket client = send(engine, "{\"prompt\":\"" + "word".repeat(1000) + "\"}")) {
      engines.awaitMetric(engine, "vllm:num_requests_running", 1);
      client.shutdownOutput();
    }

    engines.awaitMetric(engine, "vllm:num_requests_running", 0);
    assertThat(engines.metric(engine, "vllm:kv_cache_usage_perc")).isZero();
    assertThat(
            engines.metric(
                engine, "vllm:request_success_total{engine=\"0\",finished_reason=" + "\"abort\""))
        .isEqualTo(1);
  }

  @Test
  void aClientThatGoesInTheQueueIsForgotten() throws Exception {
    Engine engine = engines.start("--standin-speed-up=0.001", "--max-num-seqs=1");
    try (Socket running = send(engine, "{\"prompt\":\"a\"}")) {
      engines.awaitMetric(engine, "vllm:num_requests_running", 1);
      try (Socket waiting = send(engine, "{\"prompt\":\"b\"}")) {
        engines.awaitMetric(engine, "vllm:num_requests_waiting", 1);
        waiting.shutdownOutput();
      }
      engines.awaitMetric(engine, "vllm:num_requests_waiting", 0);
      running.shutdownOutput();
    }
  }

  @Test
  void aBodyThatBreaksOffIsCounted() throws Exception {
    Engine engine = engines.start();
    try (Socket client = new Socket(InetAddress.getLoopbackAddress(), engine.port())) {
      client
          .getOutputStream()
          .write(
              "POST /v1/completions HTTP/1.1\r\nhost: e\r\ncontent-length: 100\r\n\r\n{\"pro"
                  .getBytes(StandardCharsets.US_ASCII));
    }

    engines.awaitMetric(
        engine,
        "http_requests_total{handler=\"/v1/completions\",method=\"POST\",status=\"4xx\"}",
        1);
    assertThat(engines.post(engine, TEXT, "{\"prompt\":\"a\"}").statusCode()).isEqualTo(200);
  }

  @Test
  void afterFiveHundredEveryRequestFails() throws Exception {
    Engine engine = engines.start("--standin-fault=500");

    HttpResponse<String> response = engines.post(engine, TEXT, "{\"prompt\":\"a\"}");

    assertThat(response.statusCode()).isEqualTo(500);
    assertThat(response.body()).contains("InternalServerError");
    assertThat(engines.get(engine, "/health").statusCode()).isEqualTo(200);
  }

  @Test
  void aRateHitsSomeRequestsAndTheSameOnesEveryTime() throws Exception {
    List<Integer> first = statuses(engines.start("--standin-fault=500,rate=0.5,seed=3"));
    List<Integer> second = statuses(engines.start("--standin-fault=500,rate=0.5,seed=3"));

    assertThat(first).contains(200, 500).isEqualTo(second);
  }

  @Test
  void aCutStreamEndsWithoutDone() throws Exception {
    Engine engine = engines.start("--standin-fault=cut:2", "--standin-speed-up=10");

    assertThatThrownBy(() ->
            engines
                .lines(engine, TEXT, STREAM)
                .body()
                .forEach(line -> assertThat(line).doesNotContain("[DONE]")))
        .isInstanceOf(UncheckedIOException.class);
  }

  @Test
  void anAnswerInOnePieceIsCutHalfWay() throws Exception {
    Engine engine = engines.start("--standin-fault=cut:1");

    assertThatThrownBy(() -> engines.post(engine, TEXT, "{\"prompt\":\"a\"}"))
        .isInstanceOf(IOException.class);
  }

  @Test
  void anErrorInTheStreamIsAnEventThenDone() throws Exception {
    Engine engine = engines.start("--standin-fault=error:1", "--standin-speed-up=10");

    List<String> lines =
        engines.lines(engine, TEXT, STREAM).body().filter(line -> !line.isEmpty()).toList();

    assertThat(lines).hasSize(3).last().isEqualTo("data: [DONE]");
    assertThat(lines.get(1)).startsWith("data: {\"error\":");
  }

  @Test
  void anEngineToldToDieClosesItsSockets() throws Exception {
    Engine engine = engines.start("--standin-fault=die");

    assertThatThrownBy(() -> engines.post(engine, TEXT, "{\"prompt\":\"a\"}"))
        .isInstanceOf(IOException.class);

    engine.died().toCompletableFuture().get(10, TimeUnit.SECONDS);
    assertThatThrownBy(() -> engines.get(engine, "/health")).isInstanceOf(IOException.class);
  }

  @Test
  void aHangingEngineAnswersHealthButNoRequest() throws Exception {
    Engine engine = engines.start("--standin-fault=hang");
    try (Socket client = send(engine, "{\"prompt\":\"a\"}")) {
      client.setSoTimeout(200);

      assertThatThrownBy(() -> client.getInputStream().read())
          .isInstanceOf(SocketTimeoutException.class);
      assertThat(engines.get(engine, "/health").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void faultsCanBeSwitchedWhileRunningInDevelopmentMode() throws Exception {
    Engine engine = engines.start(DEVELOPMENT);

    assertThat(engines.post(engine, "/standin/fault", "{\"fault\":\"500\"}").statusCode())
        .isEqualTo(200);
    assertThat(engines.post(engine, TEXT, "{\"prompt\":\"a\"}").statusCode()).isEqualTo(500);
    engines.post(engine, "/standin/fault", "{\"fault\":\"none\"}");
    assertThat(engines.post(engine, TEXT, "{\"prompt\":\"a\"}").statusCode()).isEqualTo(200);
    assertThat(engines.post(engine, "/standin/fault", "{\"fault\":\"burn\"}").statusCode())
        .isEqualTo(400);
  }

  @Test
  void developmentEndpointsAreClosedOtherwise() throws Exception {
    Engine engine = engines.start();

    assertThat(engines.post(engine, "/standin/fault", "{\"fault\":\"500\"}").statusCode())
        .isEqualTo(404);
    assertThat(engines.post(engine, "/reset_prefix_cache", "").statusCode()).isEqualTo(404);
  }

  private List<Integer> statuses(Engine engine) throws Exception {
    List<Integer> statuses = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      statuses.add(engines.post(engine, TEXT, "{\"prompt\":\"a\"}").statusCode());
    }
    return statuses;
  }

  private static Socket send(Engine engine, String body) throws IOException {
    Socket client = new Socket(InetAddress.getLoopbackAddress(), engine.port());
    client
        .getOutputStream()
        .write(
            ("POST /v1/completions HTTP/1.1\r\nhost: e\r\ncontent-length: "
                    + body.length()
                    + "\r\n\r\n"
                    + body)
                .getBytes(StandardCharsets.US_ASCII));
    return client;
  }
}
