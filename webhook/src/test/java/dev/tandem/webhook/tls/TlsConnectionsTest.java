package dev.tandem.webhook.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tandem.webhook.certificates.ServedIdentity;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import org.conscrypt.Conscrypt;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TlsConnectionsTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final ServedIdentity served = new ServedIdentity();

  @ParameterizedTest
  @CsvSource({
    "EC,      SHA256withECDSA, boringssl, TLSv1.3, true",
    "EC,      SHA256withECDSA, boringssl, TLSv1.2, true",
    "RSA,     SHA256withRSA,   boringssl, TLSv1.3, true",
    "RSA,     SHA256withRSA,   boringssl, TLSv1.2, true",
    "Ed25519, Ed25519,         boringssl, TLSv1.3, false",
    "EC,      SHA256withECDSA, jdk,       TLSv1.3, false",
    "Ed25519, Ed25519,         jdk,       TLSv1.2, false",
  })
  void everyKindOfKeyIsServedAndByBoringSslWhereItCanSign(
      String key, String signature, TlsLibrary library, String protocol, boolean native_)
      throws Exception {
    SelfSigned identity = SelfSigned.of(key, signature);
    served.show(identity.identity());
    try (TlsServer server = new TlsServer(served, library, 8, PATIENCE)) {
      assertThat(echoed(server, identity, "hello", protocol)).endsWith("\r\n\r\nhello");
      assertThat(Conscrypt.isConscrypt(next(server.opened))).isEqualTo(native_);
    }
  }

  @Test
  void aBodyOfManyRecordsComesBackWhole() throws Exception {
    SelfSigned identity = SelfSigned.of("EC", "SHA256withECDSA");
    served.show(identity.identity());
    String body = "0123456789abcdef".repeat(20_000);
    try (TlsServer server = new TlsServer(served, TlsLibrary.boringssl, 8, PATIENCE)) {
      assertThat(echoed(server, identity, body, "TLSv1.3")).endsWith("\r\n\r\n" + body);
    }
  }

  @Test
  void aKeyOfAnotherKindIsServedFromTheNextConnectionOn() throws Exception {
    SelfSigned first = SelfSigned.of("EC", "SHA256withECDSA");
    SelfSigned second = SelfSigned.of("Ed25519", "Ed25519");
    served.show(first.identity());
    try (TlsServer server = new TlsServer(served, TlsLibrary.boringssl, 8, PATIENCE)) {
      assertThat(echoed(server, first, "a", "TLSv1.3")).endsWith("a");
      served.show(second.identity());
      assertThat(echoed(server, second, "b", "TLSv1.3")).endsWith("b");
    }
  }

  @Test
  void whatAnEngineHoldsOutsideTheHeapIsGivenBackWithTheConnection() throws Exception {
    SelfSigned identity = SelfSigned.of("EC", "SHA256withECDSA");
    served.show(identity.identity());
    try (TlsServer server = new TlsServer(served, TlsLibrary.boringssl, 8, PATIENCE)) {
      // Ended by the server, which was asked to; and by a client that just goes.
      assertThat(echoed(server, identity, "hello", "TLSv1.3")).endsWith("hello");
      SSLSocket socket = connected(server, identity, "TLSv1.3");
      socket.startHandshake();
      socket.close();
      for (int i = 0; i < 2; i++) {
        SSLEngine engine = next(server.closed);
        // The listener is told before the connection frees the engine.
        // Conscrypt frees what is native once both are done.
        await()
            .atMost(Duration.ofMinutes(1))
            .untilAsserted(() -> {
              assertThat(engine.isInboundDone()).isTrue();
              assertThat(engine.isOutboundDone()).isTrue();
            });
      }
    }
  }

  private static String echoed(TlsServer server, SelfSigned identity, String body, String protocol)
      throws GeneralSecurityException, IOException {
    try (SSLSocket socket = connected(server, identity, protocol)) {
      OutputStream out = socket.getOutputStream();
      out.write(
          ("POST / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: "
                  + body.length()
                  + "\r\n\r\n"
                  + body)
              .getBytes(StandardCharsets.UTF_8));
      out.flush();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static SSLSocket connected(TlsServer server, SelfSigned identity, String protocol)
      throws GeneralSecurityException, IOException {
    SSLSocket socket = identity.connect(server.port());
    socket.setEnabledProtocols(new String[] {protocol});
    return socket;
  }

  private static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
    @Nullable T head = queue.poll(60, TimeUnit.SECONDS);
    if (head == null) {
      throw new AssertionError("none came");
    }
    return head;
  }
}
