package dev.tandem.router.peers;

import dev.tandem.router.engine.EngineWatch;
import dev.tandem.router.engine.MetricsText;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import org.jspecify.annotations.Nullable;

/**
 * Reads the own engine's metrics: {@value #LEAST_MILLIS} ms after they last changed, then ever less
 * often down to every {@value #MOST_MILLIS} ms while nothing does. An engine spends time of its own
 * on every answer, so no more than a tenth of the time is spent waiting for them. Runs on the
 * router's event loop.
 */
public final class EngineMetrics implements AutoCloseable {

  static final int LEAST_MILLIS = 50;
  static final int MOST_MILLIS = 400;

  private static final int MOST_BYTES = 8 << 20;
  private static final int PATIENCE_MILLIS = 2_000;
  private static final int SHARE = 10;

  // A second without an answer, at the least: what was read last says nothing any more.
  private static final int STALE_AFTER = 3;

  private final Vertx vertx;
  private final HttpClientAgent client;
  private final RequestOptions request;
  private final EngineWatch watch;
  private final MetricsText text = new MetricsText();
  private long wait = LEAST_MILLIS;
  private long failed;
  private int failedInARow;
  private boolean closed;

  /** Starts reading the metrics of the engine there. */
  public EngineMetrics(
      Vertx vertx, HttpClientAgent client, String host, int port, EngineWatch watch) {
    this.vertx = vertx;
    this.client = client;
    this.watch = watch;
    this.request =
        new RequestOptions()
            .setMethod(HttpMethod.GET)
            .setHost(host)
            .setPort(port)
            .setURI("/metrics")
            .setConnectTimeout(PATIENCE_MILLIS)
            .setIdleTimeout(PATIENCE_MILLIS);
    ask();
  }

  /** Readings that failed: no answer, another status, or too long. */
  public long failed() {
    return failed;
  }

  private void ask() {
    if (closed) {
      return;
    }
    long asked = System.nanoTime();
    client
        .request(request)
        .compose(sent -> sent.send())
        .compose(answer -> answer.body().map(body -> answer.statusCode() == 200 ? body : null))
        .onComplete(answer -> heard(answer.result(), System.nanoTime() - asked));
  }

  private void heard(@Nullable Buffer body, long nanos) {
    boolean changed = false;
    if (body == null || body.length() > MOST_BYTES) {
      failed++;
      if (++failedInARow == STALE_AFTER) {
        watch.stale();
      }
    } else {
      failedInARow = 0;
      changed = watch.read(text.read(body.getBytes()));
    }
    wait = changed ? LEAST_MILLIS : Math.min(MOST_MILLIS, wait * 2);
    if (!closed) {
      long share = SHARE * nanos / 1_000_000;
      vertx.setTimer(Math.clamp(share, wait, 10 * MOST_MILLIS), id -> ask());
    }
  }

  @Override
  public void close() {
    closed = true;
  }
}
