package dev.tandem.router.proxy;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the own engine for its health: every {@value #WAITING_MILLIS} ms until it first answers,
 * then every {@value #WATCHING_MILLIS} ms. Runs on the router's event loop.
 */
final class EngineHealth implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(EngineHealth.class);
  private static final long WAITING_MILLIS = 100;
  private static final long WATCHING_MILLIS = 1_000;
  private static final long PATIENCE_MILLIS = 2_000;

  private final Vertx vertx;
  private final HttpClientAgent client;
  private final RequestOptions request;
  private final Runnable cameBack;
  private boolean up;
  private boolean everUp;
  private boolean closed;

  /**
   * Starts asking.
   *
   * @param cameBack is told when the engine answers again after it had not: its cache is lost then
   */
  EngineHealth(Vertx vertx, HttpClientAgent client, Target engine, Runnable cameBack) {
    this.vertx = vertx;
    this.client = client;
    this.cameBack = cameBack;
    this.request =
        new RequestOptions()
            .setMethod(HttpMethod.GET)
            .setHost(engine.host())
            .setPort(engine.port())
            .setURI("/health")
            .setConnectTimeout(PATIENCE_MILLIS)
            .setIdleTimeout(PATIENCE_MILLIS);
    ask();
  }

  /** Whether the last question was answered well. */
  boolean up() {
    return up;
  }

  private void ask() {
    if (closed) {
      return;
    }
    client
        .request(request)
        .compose(sent -> sent.send())
        .compose(answer -> answer.end().map(answer.statusCode() == 200))
        .onComplete(answer -> heard(answer.succeeded() && answer.result()));
  }

  private void heard(boolean healthy) {
    if (healthy != up) {
      up = healthy;
      LOG.info("the engine is {}", healthy ? "up" : "down");
      if (healthy && everUp) {
        cameBack.run();
      }
      everUp |= healthy;
    }
    if (!closed) {
      vertx.setTimer(everUp ? WATCHING_MILLIS : WAITING_MILLIS, id -> ask());
    }
  }

  @Override
  public void close() {
    closed = true;
  }
}
