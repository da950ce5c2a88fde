package dev.tandem.webhook.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Clients that take their time, over real TLS on loopback. */
final class SlowClientsTest {

  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private LocalServer server;

  @BeforeEach
  void start() throws Exception {
    server = new LocalServer(PATIENCE);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void aClientThatDribblesItsHeaderIsCut() throws Exception {
    try (SSLSocket socket = server.connected()) {
      OutputStream out = socket.getOutputStream();
      out.write(bytes("POST /mutate-pods HTTP/1.1\r\nX-Slow: "));
      assertThat(dribble(out)).isTrue();
    }
    assertThat(server.metrics.text()).doesNotContain("tandem_webhook_connections_cut_total 0.0");
  }

  @Test
  void aClientThatDribblesItsBodyIsCut() throws Exception {
    try (SSLSocket socket = server.connected()) {
      OutputStream out = socket.getOutputStream();
      out.write(
          bytes(
              "POST /mutate-pods HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                  + "Content-Length: 1000000\r\n\r\n"));
      assertThat(dribble(out)).isTrue();
    }
  }

  @Test
  void aClientThatKeepsItsConnectionBetweenRequestsIsNotCut() throws Exception {
    stop();
    server = new LocalServer(PATIENCE.multipliedBy(3)); // a slow machine takes its time, too
    try (SSLSocket socket = server.connected()) {
      byte[] request = bytes("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
      for (int i = 0; i < 2; i++) {
        socket.getOutputStream().write(request);
        assertThat(socket.getInputStream().readNBytes(12)).isEqualTo(bytes("HTTP/1.1 200"));
        socket.getInputStream().skipNBytes(socket.getInputStream().available());
        Thread.sleep(PATIENCE.multipliedBy(4));
      }
    }
  }

  /** Whether the server ended a connection on which bytes come one by one. */
  private static boolean dribble(OutputStream out) throws InterruptedException {
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

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
