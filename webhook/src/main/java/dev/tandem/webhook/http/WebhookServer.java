package dev.tandem.webhook.http;

import dev.tandem.edge.http.Endpoints;
import dev.tandem.edge.http.SlowClients;
import dev.tandem.webhook.binding.BindingStamp;
import dev.tandem.webhook.certificates.WebhookRegistration;
import dev.tandem.webhook.inject.Injector;
import dev.tandem.webhook.tls.TlsConnections;
import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.javalin.http.Context;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTPS server: {@code POST /mutate-pods}, {@code POST /mutate-bindings}, and {@code /healthz},
 * {@code /readyz}, {@code /metrics} on the same port, so that one certificate and one network
 * policy cover all of it (a kubelet probe with {@code scheme: HTTPS} does not check the
 * certificate).
 *
 * <p>HTTP/1.1, and over loopback HTTP/2 for an API server on the same host. Requests run on virtual
 * threads.
 */
public final class WebhookServer implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(WebhookServer.class);

  /** From a request's first byte to the end of its answer; the API server gives us five. */
  static final Duration PATIENCE = Duration.ofSeconds(10);

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
                    "pods",
                    new PodEvents(new PodReviews(injector), events),
                    bodies,
                    metrics,
                    patience),
                WebhookRegistration.BINDINGS_PATH,
                new ReviewEndpoint(
                    "bindings", new BindingReviews(stamp), bodies, metrics, patience)));
    this.javalin =
        Javalin.create(config -> {
          config.startup.showJavalinBanner = false;
          config.concurrency.useVirtualThreads = true;
          config.http.compressionStrategy = CompressionStrategy.NONE;
          config.jetty.addConnector((server, http) ->
              new ReviewConnector(tls, patience)
                  .listening(server, http, host, port, slow, new OpenedConnections(metrics)));
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
}
