package dev.tandem.cli.page;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.ForbiddenResponse;
import java.io.IOException;
import java.net.URI;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Serves the page and its data to browsers on this machine: the static files, {@code /topology},
 * {@code /placements}, {@code /requests}, {@code /events} and {@code /healthz}. It listens on the
 * loopback address only, answers only requests addressed to this machine by name (so that no
 * foreign page reaches it through a name of its own that points here), and takes no request bodies.
 * Blocking, on virtual threads.
 */
public final class PageServer implements AutoCloseable {

  /** Everything comes from here; nothing inline, no other host, not to be framed. */
  private static final String CONTENT_SECURITY_POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
          + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private static final Set<String> HOSTS = Set.of("127.0.0.1", "localhost", "[::1]");

  private final Javalin javalin;
  private final EventRoute events;

  private PageServer(Javalin javalin, EventRoute events) {
    this.javalin = javalin;
    this.events = events;
  }

  /**
   * Starts serving {@code feed}.
   *
   * @param port 0 for any free one
   * @throws io.javalin.util.JavalinBindException when the port is taken
   */
  public static PageServer start(PageFeed feed, int port) {
    JsonMapper json =
        JsonMapper.builder()
            .defaultPropertyInclusion(
                JsonInclude.Value.construct(
                    JsonInclude.Include.NON_NULL, JsonInclude.Include.ALWAYS))
            .build();
    EventRoute events = new EventRoute(feed.events(), json);
    Javalin javalin =
        Javalin.create(config -> {
          quiet(config);
          config.routes.before(PageServer::guard);
          StaticFiles.addTo(config.routes);
          config.routes.get("/topology", ctx -> answer(ctx, json, feed::topology));
          config.routes.get("/placements", ctx -> answer(ctx, json, feed::placements));
          config.routes.get("/requests", ctx -> answer(ctx, json, feed::requests));
          config.routes.get("/events", events::serve);
          config.routes.get("/healthz", ctx -> ctx.result("ok\n"));
        });
    javalin.start("127.0.0.1", port);
    return new PageServer(javalin, events);
  }

  /** The port it listens on. */
  public int port() {
    return javalin.port();
  }

  /** Where a browser on this machine finds the page. */
  public URI url() {
    return URI.create("http://127.0.0.1:" + port() + "/");
  }

  /** Ends the event streams and stops listening. */
  @Override
  public void close() {
    events.close();
    javalin.stop();
  }

  private static void quiet(JavalinConfig config) {
    config.concurrency.useVirtualThreads = true;
    config.startup.showJavalinBanner = false;
    config.startup.showOldJavalinVersionWarning = false;
    config.http.maxRequestSize = 0;
    config.http.compressionStrategy = CompressionStrategy.NONE;
  }

  private static void guard(Context ctx) {
    String host = ctx.host() == null ? "" : ctx.host().replaceFirst(":\\d+$", "");
    if (!HOSTS.contains(host)) {
      throw new ForbiddenResponse("host is " + host + "; this page answers to " + HOSTS);
    }
    ctx.header("Content-Security-Policy", CONTENT_SECURITY_POLICY);
    ctx.header("X-Content-Type-Options", "nosniff");
    ctx.header("Referrer-Policy", "no-referrer");
    ctx.header("Cache-Control", "no-store");
  }

  private static void answer(Context ctx, JsonMapper json, Supplier<?> value) throws IOException {
    ctx.contentType("application/json").result(json.writeValueAsBytes(value.get()));
  }
}
