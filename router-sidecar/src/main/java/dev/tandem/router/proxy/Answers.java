package dev.tandem.router.proxy;

import dev.tandem.router.request.ApiError;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;

/** Answers of the router itself. Stateless. */
final class Answers {

  /** By then queues have moved and discovery has looked again. */
  private static final long LEAST_RETRY_SECONDS = 1;

  /**
   * As long as one may wait by default: by then whoever waits now has gone, one way or the other.
   */
  private static final long MOST_RETRY_SECONDS = 30;

  private Answers() {}

  static void error(HttpServerResponse response, ApiError error) {
    if (response.ended() || response.closed()) {
      return;
    }
    if (error.status() == 429 || error.status() == 503) {
      retryAfter(response, 0);
    }
    response
        .setStatusCode(error.status())
        .putHeader("content-type", "application/json")
        .end(Buffer.buffer(error.body()));
  }

  /**
   * A refusal for want of a free engine.
   *
   * @param seconds until one may be free, as far as is known
   */
  static void dropped(HttpServerResponse response, ApiError error, Dropped why, double seconds) {
    if (!response.headWritten()) {
      response.putHeader(Headers.DROPPED, why.label());
      retryAfter(response, seconds);
    }
    error(response, error);
  }

  /** When to come again, unless that is said already. */
  static void retryAfter(HttpServerResponse response, double seconds) {
    if (!response.headers().contains("retry-after")) {
      long whole = Math.clamp((long) Math.ceil(seconds), LEAST_RETRY_SECONDS, MOST_RETRY_SECONDS);
      response.putHeader("retry-after", Long.toString(whole));
    }
  }

  static void text(HttpServerResponse response, int status, String text) {
    if (!response.ended() && !response.closed()) {
      response
          .setStatusCode(status)
          .putHeader("content-type", "text/plain; charset=utf-8")
          .end(text);
    }
  }
}
