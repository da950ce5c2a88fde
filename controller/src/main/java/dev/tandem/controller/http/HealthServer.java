package dev.tandem.controller.http;

import io.javalin.Javalin;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * {@code /healthz}, {@code /readyz} and {@code /metrics}, over plain HTTP: nobody is admitted or
 * changed by them.
 */
public final class HealthServer implements AutoCloseable {

  private final Javalin server;

  /**
   * Binds and serves.
   *
   * @param sick why the process should be restarted; null while it is well
   * @param unready what it still waits for; null once it waits for nothing
   */
  public HealthServer(
      String host,
      int port,
      Supplier<@Nullable String> sick,
      Supplier<@Nullable String> unready,
      Supplier<String> metrics) {
    server =
        Javalin.create(config -> {
          config.concurrency.useVirtualThreads = true;
          config.startup.showJavalinBanner = false;
          config.routes.get("/healthz", context -> answer(context, sick.get()));
          config.routes.get("/readyz", context -> answer(context, unready.get()));
          config.routes.get(
              "/metrics",
              context ->
                  context
                      .contentType("text/plain; version=0.0.4; charset=utf-8")
                      .result(metrics.get()));
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

  private static void answer(Context context, @Nullable String problem) {
    context
        .status(problem == null ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE)
        .result(problem == null ? "ok" : problem);
  }
}
