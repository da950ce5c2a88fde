package dev.tandem.extender.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.extender.decide.ClusterPicture;
import dev.tandem.extender.decide.Decider;
import dev.tandem.extender.decide.GpuResources;
import dev.tandem.extender.decide.Journal;
import dev.tandem.extender.wire.PodReader;
import dev.tandem.topology.facts.LinkSpeeds;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Callers that take their time or come too early, on loopback. */
class UntimelyCallersTest {
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private final ExtenderMetrics metrics = new ExtenderMetrics();
  private final AtomicReference<@Nullable String> waiting = new AtomicReference<>();
  private ExtenderServer server;

  @BeforeEach
  void serve() {
    ClusterPicture picture = new ClusterPicture(LinkSpeeds.defaults(), Clock.systemUTC());
    Journal journal = new Journal();
    Decider decider = new Decider(picture, journal, Decider.Limits.defaults(), Clock.systemUTC());
    Verbs verbs =
        new Verbs(new PodReader(GpuResources.of("nvidia.com/gpu")), decider, metrics, true);
    server =
        new ExtenderServer(
            new Listener("127.0.0.1", 0, null, PATIENCE),
            verbs,
            metrics,
            picture,
            decider,
            journal,
            waiting::get);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void aCallWhoseHeaderDribblesInIsCut() throws Exception {
    assertThat(cutWhileDribbling("POST /filter HTTP/1.1\r\nX-Slow: ")).isTrue();
  }

  @Test
  void aCallWhoseBodyDribblesInIsCutAndLeavesItsPlaceToOthers() throws Exception {
    assertThat(
            cutWhileDribbling(
                "POST /filter HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\n"))
        .isTrue();
    assertThat(metrics.scrape()).doesNotContain("tandem_extender_connections_cut_total 0.0");
  }

  @Test
  void aCallBeforeTheFirstListsAreInIsRefusedAndNotAnsweredByHalfOfThem() throws Exception {
    waiting.set("waiting for the first list of pods");
    assertThat(filter()).contains("503", "not ready: waiting for the first list of pods");
    waiting.set(null);
    assertThat(filter()).first().isEqualTo("200");
  }

  private List<String> filter() throws Exception {
    HttpRequest call =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/filter"))
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    "{\"Pod\":{\"metadata\":{\"name\":\"p\"}},\"NodeNames\":[\"n\"]}"))
            .build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> answer = client.send(call, HttpResponse.BodyHandlers.ofString());
      return List.of(String.valueOf(answer.statusCode()), answer.body());
    }
  }

  /** Whether the server ends a connection on which bytes come one by one. */
  private boolean cutWhileDribbling(String beginning) throws Exception {
    try (Socket socket = new Socket(InetAddress.getByName("127.0.0.1"), server.port())) {
      OutputStream out = socket.getOutputStream();
      out.write(beginning.getBytes(StandardCharsets.US_ASCII));
      for (int i = 0; i < 1_000; i++) {
        try {
          out.write('x');
          out.flush();
        } catch (IOException e) {
          return true;
        }
        Thread.sleep(20);
      }
      return false;
    }
  }
}
