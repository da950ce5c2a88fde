package dev.tandem.router.proxy;

import dev.tandem.router.request.ApiError;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;

/** Answers of the router itself. Stateless. */
final class Answers {

  /** A second: by then queues have moved and discovery has looked again. */
  static final String RETRY_SECONDS = "1";

  private Answers() {}

  static void error(HttpServerResponse response, ApiError error) {
    if (response.ended() || response.closed()) {
      return;
    }
    if (error.status() == 429 || error.status() == 503) {
      response.putHeader("retry-after", RETRY_SECONDS);
    }
    response
        .setStatusCode(error.status())
        .putHeader("content-type", "application/json")
        .end(Buffer.buffer(error.body()));
  }

  /** A refusal for want of a free engine. */
  static void dropped(HttpServerResponse response, ApiError error, Dropped why) {
    if (!response.headWritten()) {
      response.putHeader(Headers.DROPPED, why.label());
    }
    error(response, error);
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
