package dev.tandem.webhook.tls;

import javax.net.ssl.SSLEngine;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/** Makes connections of the JDK's TLS. Any thread. */
final class JdkTls extends SslConnectionFactory {

  JdkTls(SslContextFactory.Server context) {
    super(context, Negotiation.NAME);
  }

  @Override
  protected SslConnection newSslConnection(
      Connector connector, EndPoint endPoint, SSLEngine engine) {
    Negotiation.offer(endPoint, engine);
    return super.newSslConnection(connector, endPoint, engine);
  }
}
