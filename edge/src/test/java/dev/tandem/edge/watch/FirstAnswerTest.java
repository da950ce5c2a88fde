package dev.tandem.edge.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URL;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class FirstAnswerTest {
  private final LinkedBlockingQueue<String> said = new LinkedBlockingQueue<>();

  private static URL url(int port) throws IOException {
    return URI.create("https://127.0.0.1:" + port).toURL();
  }

  @Test
  void aServerThatRefusesConnectionsIsNamedWithTheCause() throws Exception {
    URL server;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      server = url(free.getLocalPort());
    }
    try (FirstAnswer waiting = new FirstAnswer(server, () -> false, Duration.ZERO, said::add)) {
      assertThat(waiting).isNotNull();
      assertThat(said.poll(30, TimeUnit.SECONDS)).contains(server.toString()).contains("refused");
    }
  }

  @Test
  void aServerThatConnectsButDoesNotAnswerIsNamedToo() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        FirstAnswer waiting =
            new FirstAnswer(url(silent.getLocalPort()), () -> false, Duration.ZERO, said::add)) {
      assertThat(waiting).isNotNull();
      assertThat(said.poll(30, TimeUnit.SECONDS)).contains("takes connections");
    }
  }
}
