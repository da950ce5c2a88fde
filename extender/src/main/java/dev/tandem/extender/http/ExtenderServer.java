package dev.tandem.extender.http;

import dev.tandem.edge.http.Endpoints;
import dev.tandem.edge.http.Reply;
import dev.tandem.edge.http.SlowClients;
import dev.tandem.extender.certificates.ServingTls;
import dev.tandem.extender.decide.ClusterPicture;
import dev.tandem.extender.decide.Decider;
import dev.tandem.extender.decide.Journal;
import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.http.HttpStatus;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The extender's HTTP routes. A request is served by the thread that has read it from the socket,
 * of which there are {@value #THREADS} at most: calls come one at a time, and handing each to a
 * virtual thread took a fifth of its processor time. Bodies over {@value #MAX_BODY_BYTES} bytes are
 * refused with 413, calls beyond what {@link Doors} lets in with 503. Where client certificates are
 * asked for, all but {@code /healthz}, {@code /readyz} and {@code /metrics} need one.
 */
public final class ExtenderServer implements AutoCloseable {
  /** 5,000 whole Node objects are about 26 MB. */
  public static final int MAX_BODY_BYTES = 32 << 20;

  /** Twice the calls that are let in: while they all wait for their bodies, probes are answered. */
  private static final int THREADS = 2 * Doors.MOST_CALLS;

  private static final Logger log = LoggerFactory.getLogger(ExtenderServer.class);

  private final Javalin server;
  private final SlowClients slow;
  private final Supplier<@Nullable String> unready;

  /**
   * Binds and serves.
   *
   * @param unready why calls cannot be answered yet, or null once they can
   */
  public ExtenderServer(
      Listener listener,
      Verbs verbs,
      ExtenderMetrics metrics,
      ClusterPicture picture,
      Decider decider,
      Journal journal,
      Supplier<@Nullable String> unready) {
    this.unready = unready;
    Views views = new Views(picture, decider, journal);
    Doors doors = new Doors();
    metrics.inside(doors::inside);
    ServingTls tls = listener.tls();
    boolean asksClients = tls != null && tls.asksClients();
    Map<String, Endpoints.Endpoint> endpoints = new HashMap<>();
    for (Verb verb : Verb.values()) {
      endpoints.put(
          "/" + verb.label(), new CallEndpoint(verb, verbs.of(verb), doors, metrics, unready));
    }
    Endpoints calls = new Endpoints(endpoints);
    this.slow = new SlowClients(listener.patience(), System::nanoTime, metrics::cut);
    this.server =
        Javalin.create(config -> {
          config.jetty.threadPool = threads();
          config.startup.showJavalinBanner = false;
          // Go's client accepts gzip unasked; over loopback that is a millisecond for nothing.
          config.http.compressionStrategy = CompressionStrategy.NONE;
          config.jetty.addConnector((jetty, defaults) -> listener.connector(jetty, defaults, slow));
          config.jetty.modifyServer(
              jetty -> jetty.setHandler(asksClients ? new KnownClients(calls) : calls));
          config.routes.get("/healthz", context -> context.result("ok"));
          config.routes.get("/readyz", this::ready);
          config.routes.get("/metrics", scrape(metrics));
          config.routes.get("/topology", context -> json(context, views.topology()));
          config.routes.get("/placements", context -> json(context, views.placements()));
          config.routes.get(
              "/explain/{namespace}/{pod}",
              context -> {
                Views.Page page =
                    views.explain(context.pathParam("namespace"), context.pathParam("pod"));
                json(context.status(page.status()), page.body());
              });
          config.routes.exception(
              RuntimeException.class,
              (problem, context) -> {
                log.error("{} {} failed", context.method(), context.path(), problem);
                context.status(HttpStatus.INTERNAL_SERVER_ERROR).result("internal error");
              });
        });
    server.start();
  }

  /** The bound port. */
  public int port() {
    return server.port();
  }

  @Override
  public void close() {
    server.stop();
    slow.close();
  }

  private static QueuedThreadPool threads() {
    QueuedThreadPool threads = new QueuedThreadPool(THREADS);
    threads.setName("http");
    return threads;
  }

  private static Handler scrape(ExtenderMetrics metrics) {
    return context ->
        context.contentType("text/plain; version=0.0.4; charset=utf-8").result(metrics.scrape());
  }

  private void ready(Context context) {
    String reason = unready.get();
    if (reason == null) {
      context.result("ready");
    } else {
      context.status(HttpStatus.SERVICE_UNAVAILABLE).result(reason);
    }
  }

  private static void json(Context context, String body) {
    context.contentType(Reply.JSON).result(body);
  }
}
