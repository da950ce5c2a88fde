package dev.tandem.router;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.api.Role;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The peer port hears members of the pool only, and calls no other. */
class PeerPortTest {

  private final Pods pods = new Pods();

  @BeforeEach
  void start() {
    pods.pod("p0", Role.PREFILL, "g").pod("d0", Role.DECODE, "g").start();
  }

  @AfterEach
  void stop() {
    pods.close();
  }

  /** Status line and headers of the answer to a request from an address to d0's peer port. */
  private String ask(String from, String request) throws IOException {
    try (Socket socket = new Socket()) {
      socket.bind(new InetSocketAddress(InetAddress.getByName(from), 0));
      socket.connect(new InetSocketAddress(pods.host("d0"), 8201));
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
      byte[] answer = new byte[8192];
      int n = socket.getInputStream().read(answer);
      return new String(answer, 0, Math.max(0, n), StandardCharsets.UTF_8);
    }
  }

  private static String post(String headers, String body) {
    return "POST /v1/completions HTTP/1.1\r\nHost: x\r\n"
        + headers
        + "Content-Length: "
        + body.length()
        + "\r\n\r\n"
        + body;
  }

  @Test
  void aForeignAddressIsRefused() throws Exception {
    assertThat(ask(Pods.address(), post("", "{}"))).startsWith("HTTP/1.1 403");
    assertThat(ask(Pods.address(), "GET /tandem/v1/state HTTP/1.1\r\nHost: x\r\n\r\n"))
        .startsWith("HTTP/1.1 403");
    assertThat(pods.engine("d0").inferred()).isEmpty();
    assertThat(pods.metrics("d0"))
        .contains("tandem_router_refused_total{reason=\"foreign_peer\"} 2.0");
  }

  @Test
  void aMemberIsServedByTheOwnEngine() throws Exception {
    assertThat(ask(pods.host("p0"), post("", "{\"prompt\":\"x\"}"))).startsWith("HTTP/1.1 200");
    assertThat(pods.engine("d0").inferred()).hasSize(1);
  }

  @Test
  void aPrefillerOutsideThePoolIsRefused() throws Exception {
    String header = "x-prefiller-host-port: 10.1.2.3:8201\r\n";
    assertThat(ask(pods.host("p0"), post(header, "{\"prompt\":\"x\"}")))
        .startsWith("HTTP/1.1 403")
        .contains("x-tandem-refused: foreign_prefiller");
    assertThat(pods.engine("d0").inferred()).isEmpty();
  }

  @Test
  void aPrefillerInThePoolOnAnotherPortIsRefused() throws Exception {
    String header = "x-prefiller-host-port: " + pods.host("p0") + ":9\r\n";
    assertThat(ask(pods.host("p0"), post(header, "{\"prompt\":\"x\"}"))).startsWith("HTTP/1.1 403");
  }

  @Test
  void aPrefillerOfThePoolIsAsked() throws Exception {
    String header = "x-prefiller-host-port: " + pods.host("p0") + ":8201\r\n";
    assertThat(ask(pods.host("p0"), post(header, "{\"prompt\":\"x\"}")))
        .startsWith("HTTP/1.1 200")
        .contains("x-tandem-prefill: p0");
    assertThat(pods.engine("p0").inferred()).singleElement().matches(s -> s.isPrefillLeg());
  }
}
