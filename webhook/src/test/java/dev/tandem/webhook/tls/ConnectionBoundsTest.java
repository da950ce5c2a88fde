package dev.tandem.webhook.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.webhook.certificates.ServedIdentity;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ConnectionBoundsTest {

  private static final int MOST = 3;

  private final ServedIdentity served = new ServedIdentity();
  private final List<Socket> sockets = new ArrayList<>();
  private SelfSigned identity;

  @BeforeEach
  void identity() throws Exception {
    identity = SelfSigned.of("EC", "SHA256withECDSA");
    served.show(identity.identity());
  }

  @AfterEach
  void close() throws Exception {
    for (Socket socket : sockets) {
      socket.close();
    }
  }

  @Test
  void noMoreShakeHandsAtATimeThanMayAndTheNextComesWhenOneGoes() throws Exception {
    try (TlsServer server = server(Duration.ofMinutes(5))) {
      silent(server, MOST);
      assertWaitsUntilTheFirstGoes(server);
    }
  }

  @Test
  void whoIsSlowToShakeHandsHoldsOthersUpNoLongerThanThePatience() throws Exception {
    try (TlsServer server = server(Duration.ofMillis(50))) {
      silent(server, MOST * 2);
      SSLSocket client = client(server);
      client.startHandshake();
      assertThat(client.getSession().isValid()).isTrue();
    }
  }

  @Test
  void whoHasShakenHandsIsNotCounted() throws Exception {
    try (TlsServer server = server(Duration.ofMinutes(5))) {
      for (int i = 0; i < MOST * 3; i++) {
        SSLSocket client = client(server);
        client.startHandshake();
        assertThat(client.getSession().isValid()).isTrue();
      }
    }
  }

  @Test
  void noMoreAreOpenThanMayAndTheNextComesWhenOneGoes() throws Exception {
    try (TlsServer server = server(Duration.ofMinutes(5))) {
      for (int i = 0; i < TlsServer.MOST_OPEN; i++) {
        client(server).startHandshake();
      }
      assertWaitsUntilTheFirstGoes(server);
    }
  }

  private void assertWaitsUntilTheFirstGoes(TlsServer server) throws Exception {
    SSLSocket client = client(server);
    client.setSoTimeout(300);
    assertThatThrownBy(client::startHandshake).isInstanceOf(SocketTimeoutException.class);
    client.close();
    SSLSocket next = client(server);
    sockets.getFirst().close();
    next.startHandshake();
    assertThat(next.getSession().isValid()).isTrue();
  }

  private TlsServer server(Duration patience) throws Exception {
    return new TlsServer(served, TlsLibrary.boringssl, MOST, patience);
  }

  private void silent(TlsServer server, int clients) throws Exception {
    for (int i = 0; i < clients; i++) {
      sockets.add(new Socket("127.0.0.1", server.port()));
    }
  }

  private SSLSocket client(TlsServer server) throws Exception {
    SSLSocket socket = identity.connect(server.port());
    sockets.add(socket);
    return socket;
  }
}
