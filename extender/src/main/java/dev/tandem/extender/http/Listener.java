package dev.tandem.extender.http;

import dev.tandem.edge.http.SlowClients;
import dev.tandem.extender.certificates.ServingTls;
import java.time.Duration;
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
 * {@value #IDLE_MILLIS} ms, and a call that takes longer than {@code patience} from its first byte
 * to the end of its answer. HTTP/1.1 only, which is what kube-scheduler speaks to an extender
 * without TLS, and an extender gains nothing from HTTP/2's streams.
 *
 * @param host address
 * @param port 0 for any free one
 * @param tls null for plain HTTP
 * @param patience with one call
 */
public record Listener(String host, int port, @Nullable ServingTls tls, Duration patience) {
  /** Longer than the 90 s after which Go's client drops an idle connection: it closes first. */
  private static final long IDLE_MILLIS = 120_000;

  /** Twice kube-scheduler's own default of httpTimeout: whoever asked has given up long before. */
  public static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final int HEADER_BYTES = 16_384;

  Connector connector(Server server, HttpConfiguration defaults, SlowClients slow) {
    HttpConfiguration http = new HttpConfiguration(defaults);
    http.setRequestHeaderSize(HEADER_BYTES);
    http.setSendServerVersion(false);
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
    connector.addBean(slow);
    return connector;
  }
}
