package dev.tandem.router.proxy;

import dev.tandem.router.request.CachedTokens;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Passes an answer on to a client, chunk by chunk as it comes, no faster than the client reads. An
 * upstream that breaks off or falls silent in the middle ends a stream with an error event, as vLLM
 * does, and any other answer with a closed connection. Runs on the router's event loop.
 */
final class Relay {

  /** An answer that must be seen whole to be rewritten; a longer one passes as it is. */
  private static final int MOST_REWRITTEN = 8 << 20;

  /** How an answer ended. */
  enum End {
    COMPLETE,
    CUT,
    CLIENT_GONE
  }

  private final Vertx vertx;
  private final Reply reply;
  private final HttpServerResponse client;
  private final Duration idle;
  private final Consumer<End> whenEnded;
  private final @Nullable EventRewriter events;
  private @Nullable Buffer whole;
  private final long cachedTokens;
  private long idleTimer;
  private long lastNanos = System.nanoTime();
  private boolean clientSlow;
  private boolean ended;

  private Relay(
      Vertx vertx,
      Reply reply,
      HttpServerResponse client,
      long cachedTokens,
      Duration idle,
      Consumer<End> whenEnded) {
    this.vertx = vertx;
    this.reply = reply;
    this.client = client;
    this.idle = idle;
    this.whenEnded = whenEnded;
    this.cachedTokens = cachedTokens;
    boolean rewrites = cachedTokens >= 0 && reply.status() == 200;
    this.events = rewrites && reply.isEventStream() ? new EventRewriter(cachedTokens) : null;
    this.whole = rewrites && !reply.isEventStream() ? Buffer.buffer() : null;
  }

  /**
   * Sends head and body; the client's own headers must be set already.
   *
   * @param cachedTokens cached prompt tokens to report, or -1 to leave the answer alone
   */
  static Relay start(
      Vertx vertx,
      Reply reply,
      HttpServerResponse client,
      long cachedTokens,
      Duration idle,
      Consumer<End> whenEnded) {
    Relay relay = new Relay(vertx, reply, client, cachedTokens, idle, whenEnded);
    relay.begin();
    return relay;
  }

  /** The client has gone. */
  void cancel() {
    if (finish(End.CLIENT_GONE)) {
      reply.discard();
    }
  }

  private void begin() {
    boolean asItIs = whole == null && events == null;
    client.setStatusCode(reply.status());
    Headers.toClient(reply.response().headers(), client.headers(), asItIs);
    if (!client.headers().contains("content-length")) {
      client.setChunked(true);
    }
    watchIdle(idle.toMillis());
    reply.consume(this::data, this::end, this::broken);
  }

  private void data(Buffer chunk) {
    if (ended) {
      return;
    }
    lastNanos = System.nanoTime();
    if (whole != null) {
      whole.appendBuffer(chunk);
      if (whole.length() > MOST_REWRITTEN) {
        Buffer seen = whole;
        whole = null;
        write(seen);
      }
    } else {
      write(events == null ? chunk : events.chunk(chunk));
    }
  }

  private void write(Buffer chunk) {
    if (chunk.length() == 0) {
      return;
    }
    client.write(chunk);
    if (client.writeQueueFull()) {
      clientSlow = true; // which is no silent engine
      reply.pause();
      client.drainHandler(drained -> {
        clientSlow = false;
        lastNanos = System.nanoTime();
        if (!ended) {
          reply.resume();
        }
      });
    }
  }

  private void end() {
    if (!finish(End.COMPLETE)) {
      return;
    }
    if (whole != null) {
      client.end(Buffer.buffer(CachedTokens.rewrite(whole.getBytes(), cachedTokens)));
    } else if (events != null) {
      client.end(events.rest());
    } else {
      client.end();
    }
  }

  private void broken(Throwable cause) {
    cut("the engine broke off in the middle of the answer");
  }

  /** One timer an answer and not one a chunk: it looks at the clock and goes back to sleep. */
  private void watchIdle(long millis) {
    idleTimer =
        vertx.setTimer(
            Math.max(1, millis),
            id -> {
              long silent = (System.nanoTime() - lastNanos) / 1_000_000;
              if (clientSlow || silent < idle.toMillis()) {
                watchIdle(clientSlow ? idle.toMillis() : idle.toMillis() - silent);
              } else {
                cut("the engine sent nothing for " + silent + " ms");
              }
            });
  }

  private void cut(String why) {
    if (!finish(End.CUT)) {
      return;
    }
    reply.discard();
    if (reply.isEventStream()) {
      String event =
          // An event may have broken off in the middle; blank lines end it.
          "\n\ndata: {\"error\":{\"message\":\""
              + why
              + "\",\"type\":\"BadGatewayError\",\"param\":null,\"code\":502}}\n\n"
              + "data: [DONE]\n\n";
      client.end(Buffer.buffer(event.getBytes(StandardCharsets.UTF_8)));
    } else {
      client.reset();
    }
  }

  private boolean finish(End end) {
    if (ended) {
      return false;
    }
    ended = true;
    vertx.cancelTimer(idleTimer);
    whenEnded.accept(end);
    return true;
  }
}
