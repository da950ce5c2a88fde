package dev.tandem.router.peers;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.parsetools.RecordParser;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads one peer's state stream for as long as the peer is in the pool, connecting again whenever
 * it ends: first after {@value #FIRST_RETRY_MILLIS} ms, then ever later up to {@value
 * #LAST_RETRY_MILLIS} ms. A line beyond {@value #MOST_LINE} bytes ends it. Runs on the router's
 * event loop.
 */
final class StateReader implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(StateReader.class);
  private static final long FIRST_RETRY_MILLIS = 50;
  private static final long LAST_RETRY_MILLIS = 1_000;
  private static final int MOST_LINE = 4 << 20;

  private final Vertx vertx;
  private final HttpClientAgent client;
  private final Peer peer;
  private final Handler<StateEvent> events;
  private double silentSeconds;
  private long retryMillis = FIRST_RETRY_MILLIS;
  private boolean connected;
  private boolean closed;
  private @Nullable HttpClientRequest request;

  StateReader(Vertx vertx, HttpClientAgent client, Peer peer, Handler<StateEvent> events) {
    this.vertx = vertx;
    this.client = client;
    this.peer = peer;
    this.events = events;
    connect();
  }

  /**
   * Seconds since the peer said anything, or since it joined if it never did, as far as this router
   * was listening.
   */
  double silentSeconds() {
    return silentSeconds;
  }

  /** Time went by in which a word of the peer would have been heard. */
  void listened(double seconds) {
    silentSeconds += seconds;
  }

  boolean connected() {
    return connected;
  }

  private void connect() {
    if (closed) {
      return;
    }
    RequestOptions options =
        new RequestOptions()
            .setMethod(HttpMethod.GET)
            .setHost(peer.host())
            .setPort(peer.port())
            .setURI(StateLog.PATH)
            .setConnectTimeout(1_000);
    client
        .request(options)
        .compose(sent -> {
          request = sent;
          return sent.send();
        })
        .onComplete(answer -> {
          if (answer.failed()) {
            retry();
          } else if (closed || answer.result().statusCode() != 200) {
            LOG.debug("{} answers {}", peer.name(), answer.result().statusCode());
            answer.result().exceptionHandler(ignored -> {}); // of the reset that follows
            answer.result().request().reset();
            retry();
          } else {
            read(answer.result());
          }
        });
  }

  private void read(HttpClientResponse response) {
    connected = true;
    retryMillis = FIRST_RETRY_MILLIS;
    RecordParser lines = RecordParser.newDelimited("\n", this::line).maxRecordSize(MOST_LINE);
    lines.exceptionHandler(e -> broken(response, e));
    response.handler(lines);
    response.exceptionHandler(e -> ended());
    response.endHandler(end -> ended());
  }

  private void line(Buffer line) {
    silentSeconds = 0;
    StateEvent event;
    try {
      event = StateLine.read(line.getBytes());
    } catch (IOException e) {
      LOG.warn("{} sent a line that cannot be read: {}", peer.name(), e.getMessage());
      return;
    }
    if (event != null && !closed) {
      events.handle(event);
    }
  }

  private void broken(HttpClientResponse response, Throwable cause) {
    LOG.warn("the state of {} cannot be read: {}", peer.name(), cause.getMessage());
    response.request().reset();
  }

  private void ended() {
    if (connected) {
      connected = false;
      retry();
    }
  }

  private void retry() {
    if (!closed) {
      vertx.setTimer(retryMillis, id -> connect());
      retryMillis = Math.min(LAST_RETRY_MILLIS, retryMillis * 2);
    }
  }

  @Override
  public void close() {
    closed = true;
    if (request != null) {
      request.reset();
    }
  }
}
