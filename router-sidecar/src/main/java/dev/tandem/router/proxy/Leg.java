package dev.tandem.router.proxy;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.RequestOptions;
import org.jspecify.annotations.Nullable;

/**
 * One request to one upstream, watched until its answer has begun. A stream has begun with its
 * first event: engines send the head of a stream before they know whether they can serve it, and an
 * error as its first event. Cancelling closes the connection at once, which is how vLLM learns that
 * it may stop. Runs on the router's event loop.
 */
final class Leg implements Upstream {

  /** An event longer than this is passed on without a look at it. */
  private static final int MOST_FIRST_EVENT = 64 << 10;

  private final Vertx vertx;
  private final Call call;
  private final Listener listener;
  private final long timer;
  private boolean done;
  private @Nullable HttpClientRequest request;

  private Leg(Vertx vertx, Call call, Listener listener) {
    this.vertx = vertx;
    this.call = call;
    this.listener = listener;
    this.timer =
        vertx.setTimer(
            call.firstByte().toMillis(),
            id ->
                fail(
                    Failure.Kind.TIMED_OUT,
                    0,
                    call.name() + " did not answer within " + call.firstByte().toMillis() + " ms"));
  }

  static Leg send(Vertx vertx, HttpClientAgent client, Call call, Listener listener) {
    Leg leg = new Leg(vertx, call, listener);
    leg.connect(client);
    return leg;
  }

  @Override
  public void cancel() {
    if (finish() && request != null) {
      request.reset();
    }
  }

  private void connect(HttpClientAgent client) {
    RequestOptions options =
        new RequestOptions()
            .setHost(call.host())
            .setPort(call.port())
            .setMethod(call.method())
            .setURI(call.uri())
            .setHeaders(call.headers());
    client
        .request(options)
        .onComplete(opened -> {
          if (opened.succeeded() && done) {
            opened.result().reset();
          } else if (opened.succeeded()) {
            send(opened.result());
          } else {
            fail(
                Failure.Kind.REFUSED,
                0,
                call.name() + " cannot be reached: " + opened.cause().getMessage());
          }
        });
  }

  private void send(HttpClientRequest opened) {
    request = opened;
    (call.body().length() == 0 ? opened.send() : opened.send(call.body()))
        .onComplete(answered -> {
          if (answered.succeeded()) {
            head(answered.result());
          } else {
            fail(
                Failure.Kind.CLOSED,
                0,
                call.name() + " gave no answer: " + answered.cause().getMessage());
          }
        });
  }

  private void head(HttpClientResponse response) {
    response.pause();
    response.exceptionHandler(ignored -> {}); // until somebody reads; a reset of ours is no news
    if (done) {
      response.request().reset();
      return;
    }
    int status = response.statusCode();
    if (status == 502 || status == 503 || status == 504 || refusedByRouter(response)) {
      fail(Failure.Kind.STATUS, status, call.name() + " answers " + status);
      response.request().reset();
    } else if (status == 200 && Reply.isEventStream(response)) {
      firstEvent(response);
    } else {
      reply(response, Buffer.buffer(), false);
    }
  }

  private static boolean refusedByRouter(HttpClientResponse response) {
    return response.statusCode() == 403 && response.getHeader(Headers.REFUSED) != null;
  }

  private void firstEvent(HttpClientResponse response) {
    Buffer first = Buffer.buffer();
    response.exceptionHandler(cause ->
        fail(
            Failure.Kind.CLOSED,
            0,
            call.name() + " broke off before the first event: " + cause.getMessage()));
    response.endHandler(end -> begun(response, first, true));
    response.handler(chunk -> {
      first.appendBuffer(chunk);
      if (eventEnd(first) >= 0 || first.length() > MOST_FIRST_EVENT) {
        response.pause();
        begun(response, first, false);
      }
    });
    response.resume();
  }

  private void begun(HttpClientResponse response, Buffer first, boolean ended) {
    if (done) {
      return;
    }
    int end = eventEnd(first);
    String event = first.getString(0, end < 0 ? first.length() : end, "UTF-8");
    if (isError(event)) {
      fail(Failure.Kind.ERROR_EVENT, 500, call.name() + " answers with an error: " + event.strip());
      if (!ended) {
        response.request().reset();
      }
      return;
    }
    reply(response, first, ended);
  }

  private void reply(HttpClientResponse response, Buffer first, boolean ended) {
    if (finish()) {
      listener.replied(new Reply(response, first, ended), null, -1);
    }
  }

  private void fail(Failure.Kind kind, int status, String message) {
    if (finish()) {
      if (kind == Failure.Kind.TIMED_OUT && request != null) {
        request.reset();
      }
      listener.failed(new Failure(kind, status, message));
    }
  }

  private boolean finish() {
    if (done) {
      return false;
    }
    done = true;
    vertx.cancelTimer(timer);
    return true;
  }

  /** Offset of the blank line after the first event, or -1. */
  static int eventEnd(Buffer events) {
    byte[] bytes = events.getBytes();
    for (int i = 0; i + 1 < bytes.length; i++) {
      if (bytes[i] == '\n' && (bytes[i + 1] == '\n' || isCrLf(bytes, i + 1))) {
        return i;
      }
    }
    return -1;
  }

  private static boolean isCrLf(byte[] bytes, int at) {
    return bytes[at] == '\r' && at + 1 < bytes.length && bytes[at + 1] == '\n';
  }

  /** {@code data: {"error": ...}}, as vLLM reports a failure once the head is out. */
  private static boolean isError(String event) {
    int data = event.indexOf("data:");
    if (data < 0) {
      return false;
    }
    String compact = event.substring(data + 5, Math.min(event.length(), data + 64));
    return compact.replaceAll("\\s", "").startsWith("{\"error\":");
  }
}
