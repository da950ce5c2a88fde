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
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads one peer's state stream for as long as the peer is in the pool, connecting again whenever
 * it ends: first after {@value #FIRST_RETRY_MILLIS} ms, then ever later up to {@value
 * #LAST_RETRY_MILLIS} ms. It counts the peer's lines and asks for those after the last it had. A
 * line beyond {@value #MOST_LINE} bytes ends it, and a peer that sends more than {@value
 * #MOST_A_SECOND} bytes a second is read no faster than that. Runs on the router's event loop.
 */
final class StateReader implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(StateReader.class);
  private static final long FIRST_RETRY_MILLIS = 50;
  private static final long LAST_RETRY_MILLIS = 1_000;
  private static final int MOST_LINE = 4 << 20;

  // Hundreds of the longest prompts a second, or ten snapshots.
  private static final int MOST_A_SECOND = 8 << 20;

  /** What may stand in a request's path: a peer's word is not trusted with more. */
  private static final Pattern EPOCH = Pattern.compile("[0-9a-z-]{1,64}");

  private final Vertx vertx;
  private final HttpClientAgent client;
  private final Peer peer;
  private final Handler<StateEvent> events;
  private double silentSeconds;
  private long retryMillis = FIRST_RETRY_MILLIS;
  private boolean connected;
  private boolean closed;
  private @Nullable HttpClientRequest request;

  // Where this reader is in the peer's stream.
  private @Nullable String epoch;
  private long next;
  private int snapshotLeft;

  private long secondStarted = System.nanoTime();
  private long bytesThisSecond;
  private long unreadable;
  private long floods;

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

  /** Lines of the peer that could not be read. */
  long unreadable() {
    return unreadable;
  }

  /** Times the peer was held up because it sent too much. */
  long floods() {
    return floods;
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
            .setURI(uri())
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

  /** A snapshot that broke off is asked for again as a whole. */
  private String uri() {
    return epoch == null || snapshotLeft > 0
        ? StateLog.PATH
        : StateLog.PATH + "?" + StateLog.EPOCH + "=" + epoch + "&" + StateLog.NEXT + "=" + next;
  }

  private void read(HttpClientResponse response) {
    connected = true;
    retryMillis = FIRST_RETRY_MILLIS;
    RecordParser lines = RecordParser.newDelimited("\n", this::line).maxRecordSize(MOST_LINE);
    lines.exceptionHandler(e -> broken(response, e));
    response.handler(bytes -> {
      slow(response, bytes.length());
      lines.handle(bytes);
    });
    response.exceptionHandler(e -> ended());
    response.endHandler(end -> ended());
  }

  private void slow(HttpClientResponse response, int bytes) {
    long now = System.nanoTime();
    if (now - secondStarted >= 1_000_000_000L) {
      secondStarted = now;
      bytesThisSecond = 0;
    }
    bytesThisSecond += bytes;
    if (bytesThisSecond > MOST_A_SECOND) {
      floods++;
      bytesThisSecond = 0;
      response.pause();
      vertx.setTimer(1_000, id -> response.resume());
    }
  }

  private void line(Buffer line) {
    silentSeconds = 0;
    StateEvent event = null;
    try {
      event = StateLine.read(line.getBytes());
    } catch (IOException e) {
      unreadable++;
      LOG.debug("{} sent a line that cannot be read: {}", peer.name(), e.getMessage());
    }
    count(event);
    if (event != null && !closed) {
      events.handle(event);
    }
  }

  /** Lines that say nothing we know are numbered too. */
  private void count(@Nullable StateEvent event) {
    switch (event) {
      case StateEvent.Hello hello -> {
        epoch = EPOCH.matcher(hello.epoch()).matches() ? hello.epoch() : null;
        next = hello.next();
        snapshotLeft = hello.snapshot();
      }
      case StateEvent.Beat beat -> {}
      case null, default -> {
        if (snapshotLeft > 0) {
          snapshotLeft--;
        } else {
          next++;
        }
      }
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
