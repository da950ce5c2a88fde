package dev.tandem.extender.http;

import dev.tandem.extender.certificates.ServingTls;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.jspecify.annotations.Nullable;

/**
 * Where calls come in. Clients that dawdle are cut: a connection on which nothing happens for
 * {@value #IDLE_MILLIS} ms, and a body that comes slower than {@value #LEAST_BYTES_A_SECOND} bytes
 * a second. HTTP/1.1 only, which is what kube-scheduler speaks to an extender without TLS, and an
 * extender gains nothing from HTTP/2's streams.
 *
 * @param host address
 * @param port 0 for any free one
 * @param tls null for plain HTTP
 */
public record Listener(String host, int port, @Nullable ServingTls tls) {
  /** Longer than the 90 s after which Go's client drops an idle connection: it closes first. */
  private static final long IDLE_MILLIS = 120_000;

  /** A body of 5,000 names takes 2 s at this pace, longer than any sensible httpTimeout. */
  private static final long LEAST_BYTES_A_SECOND = 65_536;

  private static final int HEADER_BYTES = 16_384;

  Connector connector(Server server, HttpConfiguration defaults) {
    HttpConfiguration http = new HttpConfiguration(defaults);
    http.setRequestHeaderSize(HEADER_BYTES);
    http.setSendServerVersion(false);
    http.setMinRequestDataRate(LEAST_BYTES_A_SECOND);
    ServerConnector connector;
    ServingTls material = tls;
    if (material == null) {
      connector = new ServerConnector(server, new HttpConnectionFactory(http));
    } else {
      // No SNI check: the scheduler may call an address, for which TLS has no server name.
      http.addCustomizer(new SecureRequestCustomizer(false));
      connector =
          new ServerConnector(
              server,
              new SslConnectionFactory(material.context(), HttpVersion.HTTP_1_1.asString()),
              new HttpConnectionFactory(http));
    }
    connector.setHost(host);
    connector.setPort(port);
    connector.setIdleTimeout(IDLE_MILLIS);
    return connector;
  }
}
