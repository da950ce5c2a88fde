package dev.tandem.webhook.http;

import dev.tandem.webhook.tls.ConnectionBounds;
import dev.tandem.webhook.tls.Negotiation;
import dev.tandem.webhook.tls.TlsConnections;
import java.time.Duration;
import org.eclipse.jetty.http2.WindowRateControl;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/**
 * Where API servers come in: TLS, what is spoken above it, and how much of it at a time.
 *
 * @param tls what shakes hands
 * @param patience with an HTTP/2 stream on which nothing comes
 */
record ReviewConnector(TlsConnections tls, Duration patience) {

  /** Longer than the 90 s after which the API server drops an idle connection: it closes first. */
  private static final long IDLE_MILLIS = 120_000;

  private static final int HEADER_BYTES = 16_384;

  /** Far more than API servers keep open; more wait to be accepted. */
  private static final int MOST_CONNECTIONS = 512;

  /** Enough to keep every processor busy while others wait for their client. */
  private static final int MOST_HANDSHAKES = 8;

  /** How long others wait for one that is slow; a handshake takes milliseconds. */
  private static final Duration HANDSHAKE_PATIENCE = Duration.ofSeconds(1);

  /**
   * Connections the kernel holds for us to accept (it allows 4,096 since Linux 5.4). Of the 50 that
   * are the default a burst of pods has more, and what finds no room is tried again after a second,
   * which is all an API server gives a bind.
   */
  private static final int MOST_WAITING = 1_024;

  /** An API server that has more calls than this under way opens another connection. */
  private static final int MOST_STREAMS = 128;

  /** Of one body; a typical review is a sixteenth of it. */
  private static final int UNREAD_BYTES = 1 << 16;

  /**
   * Frames a second on one connection that move nothing: resets, pings, windows of streams that
   * have ended. Of the last, a client in Go sends up to one a review, and Jetty's default of 128
   * would end its connection in every burst. Beyond, the connection is closed.
   */
  private static final int MOST_IDLE_FRAMES = 10_000;

  /**
   * A connector of {@code server}, not started.
   *
   * @param port 0 for any free one
   * @param listeners told of every connection
   */
  Connector listening(
      Server server,
      HttpConfiguration http,
      String host,
      int port,
      Connection.Listener... listeners) {
    HttpConfiguration secure = new HttpConfiguration(http);
    secure.setRequestHeaderSize(HEADER_BYTES);
    secure.setSendServerVersion(false);
    // No SNI check: the API server may call an address, for which TLS has no server name.
    secure.addCustomizer(new SecureRequestCustomizer(false));
    ServerConnector connector =
        new ServerConnector(
            server, tls, new Negotiation(), new HttpConnectionFactory(secure), http2(secure));
    connector.setHost(host);
    connector.setPort(port);
    connector.setIdleTimeout(IDLE_MILLIS);
    connector.setAcceptQueueSize(MOST_WAITING);
    for (Connection.Listener listener : listeners) {
      connector.addBean(listener);
    }
    connector.addBean(
        new ConnectionBounds(connector, MOST_CONNECTIONS, MOST_HANDSHAKES, HANDSHAKE_PATIENCE));
    return connector;
  }

  /** Jetty 12.1.12 takes no other bound of frames than the class it is about to remove. */
  @SuppressWarnings("removal")
  private ConnectionFactory http2(HttpConfiguration secure) {
    // A copy: the factory makes the buffers of the configuration it is given larger.
    HTTP2ServerConnectionFactory http2 =
        new HTTP2ServerConnectionFactory(new HttpConfiguration(secure));
    http2.setMaxConcurrentStreams(MOST_STREAMS);
    // Room for all: a large body that has to wait until it is read holds up no other.
    http2.setInitialStreamRecvWindow(UNREAD_BYTES);
    http2.setInitialSessionRecvWindow(MOST_STREAMS * UNREAD_BYTES);
    http2.setRateControlFactory(new WindowRateControl.Factory(MOST_IDLE_FRAMES));
    http2.setStreamIdleTimeout(patience.toMillis());
    http2.setConnectProtocolEnabled(false);
    return http2;
  }
}
