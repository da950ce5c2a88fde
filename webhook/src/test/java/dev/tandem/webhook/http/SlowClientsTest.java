package dev.tandem.webhook.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.webhook.binding.BindingStamp;
import dev.tandem.webhook.certificates.CertificateIssuer;
import dev.tandem.webhook.certificates.CertificateIssuer.Purpose;
import dev.tandem.webhook.certificates.Identity;
import dev.tandem.webhook.certificates.KeyedCertificate;
import dev.tandem.webhook.certificates.ServedIdentity;
import dev.tandem.webhook.inject.InjectionConfig;
import dev.tandem.webhook.inject.Injector;
import dev.tandem.webhook.tls.TlsConnections;
import dev.tandem.webhook.tls.TlsLibrary;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Clients that take their time, over real TLS on loopback. */
final class SlowClientsTest {

  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final WebhookMetrics metrics = new WebhookMetrics();
  private WebhookServer server;
  private Caller caller;

  @BeforeEach
  void start() throws Exception {
    CertificateIssuer issuer = new CertificateIssuer(Clock.systemUTC(), new SecureRandom());
    KeyedCertificate authority = issuer.authority("authority", Duration.ofDays(1));
    KeyedCertificate leaf =
        issuer.leaf(authority, List.of("127.0.0.1"), Duration.ofHours(1), Purpose.SERVER);
    ServedIdentity served = new ServedIdentity();
    served.show(new Identity(List.of(leaf.certificate()), leaf.key()));
    server =
        new WebhookServer(
            "127.0.0.1",
            0,
            new TlsConnections(served, TlsLibrary.boringssl),
            new Injector(InjectionConfig.DEFAULT),
            new BindingStamp(node -> null),
            event -> {},
            metrics,
            () -> null,
            PATIENCE);
    caller =
        new Caller(
            "https://127.0.0.1:" + server.port(),
            "-----BEGIN CERTIFICATE-----\n"
                + Base64.getMimeEncoder().encodeToString(authority.certificate().getEncoded())
                + "\n-----END CERTIFICATE-----\n");
  }

  @AfterEach
  void stop() {
    caller.close();
    server.close();
  }

  @Test
  void aClientThatDribblesItsHeaderIsCut() throws Exception {
    try (SSLSocket socket = connected()) {
      OutputStream out = socket.getOutputStream();
      out.write(bytes("POST /mutate-pods HTTP/1.1\r\nX-Slow: "));
      assertThat(dribble(out)).isTrue();
    }
    assertThat(metrics.text()).doesNotContain("tandem_webhook_connections_cut_total 0.0");
  }

  @Test
  void aClientThatDribblesItsBodyIsCut() throws Exception {
    try (SSLSocket socket = connected()) {
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
    try (SSLSocket socket = connected()) {
      byte[] request = bytes("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
      for (int i = 0; i < 3; i++) {
        socket.getOutputStream().write(request);
        assertThat(socket.getInputStream().readNBytes(12)).isEqualTo(bytes("HTTP/1.1 200"));
        socket.getInputStream().skipNBytes(socket.getInputStream().available());
        Thread.sleep(PATIENCE.multipliedBy(2));
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

  private SSLSocket connected() throws IOException {
    SSLSocket socket = (SSLSocket) caller.sockets().createSocket("127.0.0.1", server.port());
    socket.setSoTimeout(60_000);
    socket.startHandshake();
    return socket;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
