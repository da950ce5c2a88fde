package dev.tandem.router.proxy;

import dev.tandem.router.request.ApiError;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.function.Consumer;

/**
 * Reads a request's body whole, up to a bound and for at most {@value #MOST_MILLIS} ms. Runs on the
 * router's event loop.
 */
final class ClientBody {

  private static final long MOST_MILLIS = 60_000;

  private final HttpServerRequest request;
  private final int bound;
  private final Consumer<Buffer> whole;
  private final Consumer<ApiError> refused;
  private Buffer body = Buffer.buffer();
  private boolean done;

  private ClientBody(
      HttpServerRequest request, int bound, Consumer<Buffer> whole, Consumer<ApiError> refused) {
    this.request = request;
    this.bound = bound;
    this.whole = whole;
    this.refused = refused;
  }

  /** Reads; one of the two is called, unless the client goes first. */
  static void read(
      Vertx vertx,
      HttpServerRequest request,
      int bound,
      Consumer<Buffer> whole,
      Consumer<ApiError> refused) {
    ClientBody body = new ClientBody(request, bound, whole, refused);
    if (declared(request) > bound) {
      body.refuse(ApiError.tooLarge(bound));
      return;
    }
    if ("100-continue".equalsIgnoreCase(request.getHeader("expect"))) {
      request.response().writeContinue();
    }
    long timer =
        vertx.setTimer(
            MOST_MILLIS,
            id -> body.refuse(new ApiError(408, "BadRequestError", "the body came too slowly")));
    request.exceptionHandler(gone -> {
      body.done = true;
      vertx.cancelTimer(timer);
    });
    request.handler(body::chunk);
    request.endHandler(end -> {
      vertx.cancelTimer(timer);
      body.end();
    });
  }

  private static long declared(HttpServerRequest request) {
    String length = request.getHeader("content-length");
    try {
      return length == null ? 0 : Long.parseLong(length);
    } catch (NumberFormatException e) {
      return 0; // the HTTP stack has its own word on it
    }
  }

  private void chunk(Buffer chunk) {
    if (done) {
      return;
    }
    if ((long) body.length() + chunk.length() > bound) {
      refuse(ApiError.tooLarge(bound));
    } else {
      body.appendBuffer(chunk);
    }
  }

  private void refuse(ApiError error) {
    if (!done) {
      done = true;
      body = Buffer.buffer();
      // What is still on its way is not worth reading.
      request.response().putHeader("connection", "close");
      refused.accept(error);
    }
  }

  private void end() {
    if (!done) {
      done = true;
      whole.accept(body);
    }
  }
}
