package dev.tandem.webhook.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.webhook.certificates.ServedIdentity;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.time.Duration;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class NegotiationTest {

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "127.8.0.1", "::1"})
  void overLoopbackHttp2IsOfferedFirst(String address) throws Exception {
    assertThat(Negotiation.offered(new InetSocketAddress(InetAddress.getByName(address), 8443)))
        .containsExactly("h2", "http/1.1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.1.2.3", "192.168.0.1", "fe80::1", "2001:db8::1"})
  void overTheNetworkNothingIsOffered(String address) throws Exception {
    assertThat(Negotiation.offered(new InetSocketAddress(InetAddress.getByName(address), 8443)))
        .isEmpty();
  }

  @Test
  void whereTheAddressIsUnknownNothingIsOffered() {
    assertThat(Negotiation.offered(InetSocketAddress.createUnresolved("localhost", 8443)))
        .isEmpty();
    assertThat(Negotiation.offered(UnixDomainSocketAddress.of("socket"))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "boringssl, h2,       h2",
    "boringssl, http/1.1, http/1.1",
    "jdk,       h2,       h2",
    "jdk,       http/1.1, http/1.1",
  })
  void bothLibrariesAgreeOnWhatTheClientAsksFor(TlsLibrary library, String asked, String agreed)
      throws Exception {
    ServedIdentity served = new ServedIdentity();
    SelfSigned identity = SelfSigned.of("EC", "SHA256withECDSA");
    served.show(identity.identity());
    try (TlsServer server = new TlsServer(served, library, 8, Duration.ofSeconds(60));
        SSLSocket socket = identity.connect(server.port())) {
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setApplicationProtocols(new String[] {asked});
      socket.setSSLParameters(parameters);
      socket.startHandshake();

      assertThat(socket.getApplicationProtocol()).isEqualTo(agreed);
    }
  }
}
