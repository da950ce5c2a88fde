package dev.tandem.webhook.tls;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.io.ssl.SslConnection.SslEndPoint;
import org.eclipse.jetty.io.ssl.SslHandshakeListener;
import org.eclipse.jetty.server.AbstractConnectionFactory;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.NegotiatingServerConnection;

/**
 * Which HTTP follows a handshake: HTTP/2 where the client is on this host and asks for it by ALPN
 * (RFC 7301), HTTP/1.1 for all others. An API server asks for HTTP/2 only where it calls a webhook
 * by a loopback URL (hookClientConfig of k8s.io/apiserver 0.36), and then sends all its calls over
 * one connection. Nobody else gains by it, so the network is not offered its stream floods.
 *
 * <p>By the engine's own standard interface, so that both libraries do it alike: Jetty's ALPN
 * modules know each by its class, and the one for Conscrypt makes it a provider of the whole JVM.
 * Any thread.
 */
public final class Negotiation extends AbstractConnectionFactory {

  /** The name TLS puts above itself. */
  static final String NAME = "alpn";

  private static final String HTTP_2 = "h2";
  private static final String HTTP_1_1 = "http/1.1";

  public Negotiation() {
    super(NAME);
  }

  /** Has the engine of a connection that has just come offer what is for its client. */
  static void offer(EndPoint endPoint, SSLEngine engine) {
    List<String> offered = offered(endPoint.getLocalSocketAddress());
    if (!offered.isEmpty()) {
      SSLParameters parameters = engine.getSSLParameters();
      parameters.setApplicationProtocols(offered.toArray(String[]::new));
      engine.setSSLParameters(parameters);
    }
  }

  /**
   * What is offered to whoever reached us at an address, the best first. Nothing is not the same as
   * HTTP/1.1: the JDK refuses a client that names others only.
   */
  static List<String> offered(SocketAddress local) {
    return local instanceof InetSocketAddress address
            && !address.isUnresolved()
            && address.getAddress().isLoopbackAddress()
        ? List.of(HTTP_2, HTTP_1_1)
        : List.of();
  }

  @Override
  public Connection newConnection(Connector connector, EndPoint endPoint) {
    SslConnection tls = ((SslEndPoint) endPoint).getSslConnection();
    Negotiating connection = new Negotiating(connector, endPoint, tls.getSSLEngine());
    tls.addHandshakeListener(connection);
    return configure(connection, connector, endPoint);
  }

  /** Gives way to the connection of the protocol once hands are shaken. */
  private static final class Negotiating extends NegotiatingServerConnection
      implements SslHandshakeListener {

    private Negotiating(Connector connector, EndPoint endPoint, SSLEngine engine) {
      super(connector, endPoint, engine, List.of(HTTP_2, HTTP_1_1), HTTP_1_1);
    }

    /** On the thread that reads, before it asks for the protocol. */
    @Override
    public void handshakeSucceeded(Event event) {
      String agreed = event.getSSLEngine().getApplicationProtocol();
      // Null or empty where one side named none.
      setProtocol(HTTP_2.equals(agreed) ? HTTP_2 : HTTP_1_1);
    }
  }
}
