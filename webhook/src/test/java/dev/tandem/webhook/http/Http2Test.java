package dev.tandem.webhook.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An API server on the webhook's host, which asks for HTTP/2. */
final class Http2Test {

  /** What a test of slow clients waits for, and a slow machine does not take. */
  private static final Duration SHORT = Duration.ofSeconds(3);

  private static final String PODS = "/mutate-pods";

  private LocalServer server;
  private HttpClient http;

  @BeforeEach
  void start() throws Exception {
    serve(WebhookServer.PATIENCE);
  }

  private void serve(Duration patience) throws Exception {
    server = new LocalServer(patience);
    http =
        HttpClient.newBuilder()
            .sslContext(server.trust)
            .version(HttpClient.Version.HTTP_2)
            .connectTimeout(Duration.ofSeconds(20))
            .build();
  }

  @AfterEach
  void stop() {
    http.shutdownNow();
    server.close();
  }

  @Test
  void reviewsAtTheSameTimeShareOneConnection() throws Exception {
    reviewed("first");

    List<CompletableFuture<HttpResponse<String>>> answers =
        IntStream.range(0, 60)
            .mapToObj(i -> review("at-once-" + i))
            .map(review ->
                http.sendAsync(
                    post(BodyPublishers.ofString(review)), HttpResponse.BodyHandlers.ofString()))
            .toList();

    for (int i = 0; i < answers.size(); i++) {
      HttpResponse<String> answer = answers.get(i).get();
      assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.body()).contains("\"uid\":\"at-once-" + i + "\"", "\"patch\"");
    }
    assertThat(connections("HTTP/2.0")).isEqualTo("1.0");
  }

  @Test
  void whoAsksForHttp11GetsIt() throws Exception {
    HttpResponse<String> answer =
        http.send(
            HttpRequest.newBuilder(server.url("/healthz"))
                .version(HttpClient.Version.HTTP_1_1)
                .build(),
            HttpResponse.BodyHandlers.ofString());

    assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
    assertThat(connections("HTTP/1.1")).isEqualTo("1.0");
  }

  /** A kubelet asks for HTTP/2, too, where it probes a pod on its host's network by loopback. */
  @ParameterizedTest
  @ValueSource(strings = {"/healthz", "/readyz", "/metrics"})
  void probesAndMetricsAreAnswered(String path) throws Exception {
    HttpResponse<String> answer =
        http.send(
            HttpRequest.newBuilder(server.url(path)).build(), HttpResponse.BodyHandlers.ofString());

    assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
    assertThat(answer.statusCode()).isEqualTo(200);
  }

  @Test
  void aBodyThatIsTooLargeIsRefusedAndTheNextReviewAnswered() throws Exception {
    HttpResponse<String> answer =
        http.send(
            post(BodyPublishers.ofByteArray(new byte[ReviewEndpoint.MOST_BYTES + 1])),
            HttpResponse.BodyHandlers.ofString());

    assertThat(answer.statusCode()).isEqualTo(413);
    assertThat(answer.body()).contains("AdmissionReview", "at most 8388608 bytes");
    reviewed("next");
    assertThat(connections("HTTP/2.0")).isEqualTo("1.0");
  }

  /** Cutting the connection would take everybody's calls with it. */
  @Test
  void aBodyThatDribblesIsGivenUpAndAllOthersAreAnswered() throws Exception {
    stop();
    serve(SHORT);
    reviewed("first");
    var unused =
        http.sendAsync(
            post(BodyPublishers.ofInputStream(Dribble::new)),
            HttpResponse.BodyHandlers.discarding());

    await()
        .atMost(Duration.ofMinutes(1))
        .untilAsserted(() -> {
          reviewed("meanwhile");
          assertThat(server.metrics.text())
              .contains("tandem_webhook_bad_requests_total{reason=\"truncated\"} 1.0");
        });
    assertThat(server.metrics.text()).contains("tandem_webhook_connections_cut_total 0.0");
    assertThat(connections("HTTP/2.0")).isEqualTo("1.0");
  }

  @Test
  void aFloodOfFramesEndsItsConnectionAndNoOther() throws Exception {
    reviewed("before");
    try (SSLSocket socket = shaken()) {
      assertThat(flooded(socket.getOutputStream())).isTrue();
    }
    reviewed("after");
    assertThat(connections("HTTP/2.0")).isEqualTo("2.0");
    assertThat(server.metrics.text()).contains("tandem_webhook_connections_cut_total 0.0");
  }

  /** An API server asks by a ping whether an idle connection still lives. */
  @Test
  void aConnectionThatIsPingedBetweenReviewsIsKept() throws Exception {
    stop();
    serve(SHORT);
    try (SSLSocket socket = shaken()) {
      for (int i = 0; i < 3; i++) {
        socket.getOutputStream().write(frame(6, 8));
        Thread.sleep(SHORT.dividedBy(2));
      }
      socket.setSoTimeout((int) SHORT.toMillis());
      InputStream in = socket.getInputStream();
      assertThatThrownBy(() -> in.skipNBytes(Long.MAX_VALUE))
          .isInstanceOf(SocketTimeoutException.class);
    }
    assertThat(server.metrics.text()).contains("tandem_webhook_connections_cut_total 0.0");
  }

  /** A connection on which HTTP/2 was agreed on and begun (RFC 9113, section 3.4). */
  private SSLSocket shaken() throws IOException {
    SSLSocket socket = server.connected();
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setApplicationProtocols(new String[] {"h2"});
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    assertThat(socket.getApplicationProtocol()).isEqualTo("h2");
    OutputStream out = socket.getOutputStream();
    out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    out.write(frame(4, 0));
    return socket;
  }

  /** Whether a connection ended on which many pings come, whose answers nobody reads. */
  private static boolean flooded(OutputStream out) {
    byte[] ping = frame(6, 8);
    try {
      for (int i = 0; i < 5_000_000; i++) {
        out.write(ping);
      }
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  /** A frame of RFC 9113, section 4.1, of stream 0: its length, type, no flags, and zeros. */
  private static byte[] frame(int type, int length) {
    return ByteBuffer.allocate(9 + length).putInt(length << 8 | type).array();
  }

  private void reviewed(String uid) throws IOException, InterruptedException {
    HttpResponse<String> answer =
        http.send(post(BodyPublishers.ofString(review(uid))), HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
    assertThat(answer.body()).contains("\"uid\":\"" + uid + "\"");
  }

  private HttpRequest post(BodyPublisher body) {
    return HttpRequest.newBuilder(server.url(PODS))
        .timeout(Duration.ofSeconds(60))
        .header("Content-Type", "application/json")
        .POST(body)
        .build();
  }

  private String connections(String protocol) {
    String name = "tandem_webhook_connections_opened_total{protocol=\"" + protocol + "\"} ";
    return server
        .metrics
        .text()
        .lines()
        .filter(line -> line.startsWith(name))
        .findFirst()
        .orElseThrow()
        .substring(name.length());
  }

  private static String review(String uid) {
    return """
    {"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"%s","operation":"CREATE",
    "namespace":"llm","kind":{"group":"","version":"v1","kind":"Pod"},"object":{"metadata":{"labels":
    {"production-stack.vllm.ai/inject":"true"}},
    "spec":{"containers":[{"name":"vllm","image":"vllm/vllm-openai:v0.26.0","args":["--model","m"],
    "ports":[{"containerPort":8000}]}]}}}}
    """
        .formatted(uid);
  }

  /** A blank every now and then, for ever. */
  private static final class Dribble extends InputStream {

    @Override
    public int read() throws IOException {
      try {
        Thread.sleep(20);
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
      return ' ';
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      bytes[offset] = (byte) read();
      return 1;
    }
  }
}
