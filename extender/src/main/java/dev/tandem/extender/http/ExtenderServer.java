package dev.tandem.extender.http;

import dev.tandem.extender.decide.ClusterPicture;
import dev.tandem.extender.decide.Decider;
import dev.tandem.extender.decide.Journal;
import io.javalin.Javalin;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.io.IOException;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The extender's HTTP routes; a request is served by a virtual thread of its own. Bodies over
 * {@value #MAX_BODY_BYTES} bytes are refused with 413.
 */
public final class ExtenderServer implements AutoCloseable {
  /** 5,000 whole Node objects are about 26 MB. */
  public static final int MAX_BODY_BYTES = 32 << 20;

  private static final Logger log = LoggerFactory.getLogger(ExtenderServer.class);
  private static final String JSON = "application/json";

  private final Javalin server;
  private final Verbs verbs;
  private final ExtenderMetrics metrics;
  private final Supplier<@Nullable String> unready;

  /**
   * Binds and serves.
   *
   * @param unready why calls cannot be answered yet, or null once they can
   */
  public ExtenderServer(
      String host,
      int port,
      Verbs verbs,
      ExtenderMetrics metrics,
      ClusterPicture picture,
      Decider decider,
      Journal journal,
      Supplier<@Nullable String> unready) {
    this.verbs = verbs;
    this.metrics = metrics;
    this.unready = unready;
    Views views = new Views(picture, decider, journal);
    this.server =
        Javalin.create(config -> {
          config.concurrency.useVirtualThreads = true;
          config.startup.showJavalinBanner = false;
          config.http.maxRequestSize = MAX_BODY_BYTES;
          config.routes.post("/filter", context -> call(context, Verb.FILTER));
          config.routes.post("/prioritize", context -> call(context, Verb.PRIORITIZE));
          config.routes.get("/healthz", context -> context.result("ok"));
          config.routes.get("/readyz", this::ready);
          config.routes.get(
              "/metrics",
              context ->
                  context
                      .contentType("text/plain; version=0.0.4; charset=utf-8")
                      .result(metrics.scrape()));
          config.routes.get("/topology", context -> json(context, views.topology()));
          config.routes.get("/placements", context -> json(context, views.placements()));
          config.routes.get(
              "/explain/{namespace}/{pod}",
              context ->
                  json(
                      context,
                      views.explain(
                          context.pathParam("namespace") + "/" + context.pathParam("pod"))));
          config.routes.exception(
              RuntimeException.class,
              (problem, context) -> {
                log.error("{} {} failed", context.method(), context.path(), problem);
                context.status(HttpStatus.INTERNAL_SERVER_ERROR).result("internal error");
              });
        });
    server.start(host, port);
  }

  /** The bound port. */
  public int port() {
    return server.port();
  }

  @Override
  public void close() {
    server.stop();
  }

  private void call(Context context, Verb verb) throws IOException {
    if (context.contentLength() > MAX_BODY_BYTES) {
      tooLarge(context, verb);
      return;
    }
    byte[] body;
    try {
      body = context.bodyInputStream().readNBytes(MAX_BODY_BYTES + 1);
    } catch (IOException e) {
      metrics.bad(verb, "broken-off");
      log.warn("{}: body broke off: {}", verb.label(), e.getMessage());
      context.status(HttpStatus.BAD_REQUEST).result("body broke off");
      return;
    }
    if (body.length > MAX_BODY_BYTES) {
      tooLarge(context, verb);
      return;
    }
    UnaryOperator<byte[]> answer =
        switch (verb) {
          case FILTER -> verbs::filter;
          case PRIORITIZE -> verbs::prioritize;
        };
    context.contentType(JSON).result(answer.apply(body));
  }

  private void tooLarge(Context context, Verb verb) {
    metrics.bad(verb, "too-large");
    log.warn("{}: body over {} bytes refused", verb.label(), MAX_BODY_BYTES);
    readOn(context);
    context
        .status(HttpStatus.CONTENT_TOO_LARGE)
        .result(
            "body is larger than "
                + MAX_BODY_BYTES
                + " bytes; set nodeCacheCapable: true to send node names only");
  }

  /** Most clients hear an answer only once they have written, so as much again is read over. */
  private static void readOn(Context context) {
    try {
      long skipped = context.bodyInputStream().skip(MAX_BODY_BYTES + 1L);
      log.debug("{} more bytes read over", skipped);
    } catch (IOException e) {
      log.debug("the rest of the body broke off: {}", e.getMessage());
    }
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
    context.contentType(JSON).result(body);
  }
}
