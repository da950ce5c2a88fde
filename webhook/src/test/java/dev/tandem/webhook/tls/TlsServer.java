package dev.tandem.webhook.tls;

import dev.tandem.webhook.certificates.ServedIdentity;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import javax.net.ssl.SSLEngine;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;

/** A server on loopback that echoes bodies, and remembers the engines of its connections. */
final class TlsServer implements AutoCloseable {

  static final int MOST_OPEN = 20;

  final BlockingQueue<SSLEngine> opened = new LinkedBlockingQueue<>();
  final BlockingQueue<SSLEngine> closed = new LinkedBlockingQueue<>();
  private final Server server = new Server();
  private final ServerConnector connector;

  TlsServer(ServedIdentity served, TlsLibrary library, int mostHandshakes, Duration patience)
      throws Exception {
    connector =
        new ServerConnector(
            server,
            new TlsConnections(served, library),
            new Negotiation(),
            new HttpConnectionFactory());
    connector.setHost("127.0.0.1");
    connector.addBean(new ConnectionBounds(connector, MOST_OPEN, mostHandshakes, patience));
    connector.addBean(
        new Connection.Listener() {
          @Override
          public void onOpened(Connection connection) {
            if (connection instanceof SslConnection tls) {
              opened.add(tls.getSSLEngine());
            }
          }

          @Override
          public void onClosed(Connection connection) {
            if (connection instanceof SslConnection tls) {
              closed.add(tls.getSSLEngine());
            }
          }
        });
    server.addConnector(connector);
    server.setHandler(
        new Handler.Abstract() {
          @Override
          public boolean handle(Request request, Response response, Callback callback)
              throws Exception {
            String body = Content.Source.asString(request, StandardCharsets.UTF_8);
            response.write(true, ByteBuffer.wrap(body.getBytes(StandardCharsets.UTF_8)), callback);
            return true;
          }
        });
    server.start();
  }

  int port() {
    return connector.getLocalPort();
  }

  @Override
  public void close() throws Exception {
    server.stop();
  }
}
