package dev.tandem.webhook.http;

import dev.tandem.edge.http.Endpoints;
import dev.tandem.edge.http.SlowClients;
import dev.tandem.webhook.binding.BindingStamp;
import dev.tandem.webhook.certificates.WebhookRegistration;
import dev.tandem.webhook.inject.Injector;
import dev.tandem.webhook.tls.ConnectionBounds;
import dev.tandem.webhook.tls.TlsConnections;
import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.javalin.http.Context;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
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

  /** From a request's first byte to the end of its answer; the API server gives us five. */
  static final Duration PATIENCE = Duration.ofSeconds(10);

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

  private final Javalin javalin;
  private final SlowClients slow;

  /**
   * Binds and serves.
   *
   * @param host address to listen on
   * @param port to listen on; 0 for any free one
   * @param events told what became of pods
   * @param notReady why not ready; null once ready
   */
  public WebhookServer(
      String host,
      int port,
      TlsConnections tls,
      Injector injector,
      BindingStamp stamp,
      EventSink events,
      WebhookMetrics metrics,
      Supplier<@Nullable String> notReady) {
    this(host, port, tls, injector, stamp, events, metrics, notReady, PATIENCE);
  }

  /** With the patience of a test. */
  WebhookServer(
      String host,
      int port,
      TlsConnections tls,
      Injector injector,
      BindingStamp stamp,
      EventSink events,
      WebhookMetrics metrics,
      Supplier<@Nullable String> notReady,
      Duration patience) {
    LargeBodies bodies = new LargeBodies();
    this.slow = new SlowClients(patience, System::nanoTime, metrics::cut);
    Endpoints reviews =
        new Endpoints(
            Map.of(
                WebhookRegistration.PODS_PATH,
                new ReviewEndpoint(
                    "pods", new PodEvents(new PodReviews(injector), events), bodies, metrics),
                WebhookRegistration.BINDINGS_PATH,
                new ReviewEndpoint("bindings", new BindingReviews(stamp), bodies, metrics)));
    this.javalin =
        Javalin.create(config -> {
          config.startup.showJavalinBanner = false;
          config.concurrency.useVirtualThreads = true;
          config.http.compressionStrategy = CompressionStrategy.NONE;
          config.jetty.addConnector(
              (server, http) -> connector(server, http, host, port, tls, slow));
          config.jetty.modifyServer(server -> server.setHandler(reviews));
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
    slow.close();
  }

  private static void readiness(Context context, @Nullable String reason) {
    context.status(reason == null ? 200 : 503).result(reason == null ? "ready" : reason);
  }

  private static Connector connector(
      Server server,
      HttpConfiguration http,
      String host,
      int port,
      TlsConnections tls,
      SlowClients slow) {
    HttpConfiguration secure = new HttpConfiguration(http);
    secure.setRequestHeaderSize(HEADER_BYTES);
    secure.setSendServerVersion(false);
    // No SNI check: the API server may call an address, for which TLS has no server name.
    secure.addCustomizer(new SecureRequestCustomizer(false));
    ServerConnector connector = new ServerConnector(server, tls, new HttpConnectionFactory(secure));
    connector.setHost(host);
    connector.setPort(port);
    connector.setIdleTimeout(IDLE_MILLIS);
    connector.setAcceptQueueSize(MOST_WAITING);
    connector.addBean(slow);
    connector.addBean(
        new ConnectionBounds(connector, MOST_CONNECTIONS, MOST_HANDSHAKES, HANDSHAKE_PATIENCE));
    return connector;
  }
}
