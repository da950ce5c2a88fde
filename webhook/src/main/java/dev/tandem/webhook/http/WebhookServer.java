package dev.tandem.webhook.http;

import dev.tandem.webhook.binding.BindingStamp;
import dev.tandem.webhook.certificates.ServingCertificate;
import dev.tandem.webhook.certificates.WebhookRegistration;
import dev.tandem.webhook.inject.Injector;
import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.javalin.http.Context;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTPS server: {@code POST /mutate-pods}, {@code POST /mutate-bindings}, and {@code /healthz},
 * {@code /readyz}, {@code /metrics} on the same port, so that one certificate and one network
 * policy cover all of it (a kubelet probe with {@code scheme: HTTPS} does not check the
 * certificate).
 *
 * <p>HTTP/1.1 only: an admission endpoint gains nothing from HTTP/2 and would take on its stream
 * floods. Requests run on virtual threads.
 */
public final class WebhookServer implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(WebhookServer.class);

  /** Longer than the 90 s after which the API server drops an idle connection: it closes first. */
  private static final long IDLE_MILLIS = 120_000;

  private static final int HEADER_BYTES = 16_384;

  private final Javalin javalin;

  /**
   * Binds and serves.
   *
   * @param host address to listen on
   * @param port to listen on; 0 for any free one
   * @param notReady why not ready; null once ready
   */
  public WebhookServer(
      String host,
      int port,
      ServingCertificate certificate,
      Injector injector,
      BindingStamp stamp,
      WebhookMetrics metrics,
      Supplier<@Nullable String> notReady) {
    this.javalin =
        Javalin.create(config -> {
          config.startup.showJavalinBanner = false;
          config.concurrency.useVirtualThreads = true;
          config.http.compressionStrategy = CompressionStrategy.NONE;
          // Our endpoint counts bytes itself, to answer with a review inside.
          config.http.maxRequestSize = Long.MAX_VALUE;
          config.jetty.addConnector(
              (server, http) -> connector(server, http, host, port, certificate));
          config.routes.post(
              WebhookRegistration.PODS_PATH,
              new ReviewEndpoint("pods", new PodReviews(injector), metrics));
          config.routes.post(
              WebhookRegistration.BINDINGS_PATH,
              new ReviewEndpoint("bindings", new BindingReviews(stamp), metrics));
          config.routes.get("/healthz", context -> context.result("ok"));
          config.routes.get("/readyz", context -> readiness(context, notReady.get()));
          config.routes.get("/metrics", context -> context.result(metrics.text()));
          config.routes.exception(
              RuntimeException.class,
              (problem, context) -> {
                log.error("{} {} failed", context.method(), context.path(), problem);
                context.status(500).result("internal error");
              });
        });
    javalin.start();
  }

  /** The port that was bound. */
  public int port() {
    return javalin.port();
  }

  @Override
  public void close() {
    javalin.stop();
  }

  private static void readiness(Context context, @Nullable String reason) {
    context.status(reason == null ? 200 : 503).result(reason == null ? "ready" : reason);
  }

  private static Connector connector(
      Server server,
      HttpConfiguration http,
      String host,
      int port,
      ServingCertificate certificate) {
    SslContextFactory.Server tls = new SslContextFactory.Server();
    tls.setKeyStore(certificate.keyStore());
    tls.setKeyStorePassword(certificate.keyStorePassword());
    tls.setIncludeProtocols("TLSv1.3", "TLSv1.2");
    HttpConfiguration secure = new HttpConfiguration(http);
    secure.setRequestHeaderSize(HEADER_BYTES);
    secure.setSendServerVersion(false);
    // No SNI check: the API server may call an address, for which TLS has no server name.
    secure.addCustomizer(new SecureRequestCustomizer(false));
    ServerConnector connector =
        new ServerConnector(
            server,
            new SslConnectionFactory(tls, HttpVersion.HTTP_1_1.asString()),
            new HttpConnectionFactory(secure));
    connector.setHost(host);
    connector.setPort(port);
    connector.setIdleTimeout(IDLE_MILLIS);
    return connector;
  }
}
