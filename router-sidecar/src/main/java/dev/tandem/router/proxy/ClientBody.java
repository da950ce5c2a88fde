package dev.tandem.router.proxy;

import dev.tandem.router.request.ApiError;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a request's body whole, up to a bound and for at most {@value #MOST_MILLIS} ms. Runs on the
 * router's event loop.
 */
final class ClientBody {

  private static final Logger LOG = LoggerFactory.getLogger(ClientBody.class);
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

  /**
   * Reads; one of the two is called. {@code refused} is also told when the client goes before its
   * body is whole, and when {@code whole} fails.
   */
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
      vertx.cancelTimer(timer);
      body.refuse(ApiError.badRequest("the body broke off"));
    });
    request.handler(body::chunk);
    request.endHandler(end -> {
      vertx.cancelTimer(timer);
      body.end();
    });
  }

  /** The label in metrics of an error this gave. */
  static String reason(ApiError error) {
    return switch (error.status()) {
      case 413 -> "too_large";
      case 408 -> "too_slow";
      case 500 -> "internal";
      default -> "broken_off";
    };
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
    if (done) {
      return;
    }
    done = true;
    try {
      whole.accept(body);
    } catch (RuntimeException e) {
      // Without an answer the client would wait for ever.
      LOG.error("{} {} failed", request.method(), request.path(), e);
      refused.accept(ApiError.internal());
    }
  }
}
