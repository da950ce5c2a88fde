package dev.tandem.extender.http;

import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.http.HttpStatus;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One verb over HTTP: reads the body within its bounds, answers, and says what it would not take.
 * What does not come as a whole call is no call: it gets a status and a sentence.
 */
final class CallEndpoint implements Handler {
  private static final Logger log = LoggerFactory.getLogger(CallEndpoint.class);

  private final Verb verb;
  private final UnaryOperator<byte[]> answer;
  private final Doors doors;
  private final ExtenderMetrics metrics;
  private final Supplier<@Nullable String> unready;

  /**
   * @param unready why no call can be answered yet, or null once they can: by half of the first
   *     lists a pod would be sent where another group's waits for its own
   */
  CallEndpoint(
      Verb verb,
      UnaryOperator<byte[]> answer,
      Doors doors,
      ExtenderMetrics metrics,
      Supplier<@Nullable String> unready) {
    this.verb = verb;
    this.answer = answer;
    this.doors = doors;
    this.metrics = metrics;
    this.unready = unready;
  }

  @Override
  public void handle(Context context) {
    String waiting = unready.get();
    if (waiting != null) {
      refuse(context, HttpStatus.SERVICE_UNAVAILABLE, "not-ready", "not ready: " + waiting);
      return;
    }
    long announced = context.req().getContentLengthLong();
    if (announced > ExtenderServer.MAX_BODY_BYTES) {
      tooLarge(context);
      return;
    }
    // A body of unknown length may be as large as any.
    int reserved = (int) (announced < 0 ? ExtenderServer.MAX_BODY_BYTES : announced);
    if (!doors.enter(reserved)) {
      refuse(
          context,
          HttpStatus.SERVICE_UNAVAILABLE,
          "busy",
          doors.inside() + " calls are being answered; ask again");
      return;
    }
    try {
      serve(context, (int) announced);
    } finally {
      doors.leave(reserved);
    }
  }

  private void serve(Context context, int announced) {
    byte[] body;
    try {
      InputStream in = context.bodyInputStream();
      // In one piece where the length is known: large bodies would else be held twice.
      body =
          announced >= 0 ? whole(in, announced) : in.readNBytes(ExtenderServer.MAX_BODY_BYTES + 1);
    } catch (IOException e) {
      refuse(
          context, HttpStatus.BAD_REQUEST, "broken-off", "the body broke off: " + e.getMessage());
      return;
    }
    if (body.length > ExtenderServer.MAX_BODY_BYTES) {
      tooLarge(context);
      return;
    }
    byte[] said = answer.apply(body);
    // Else Jetty sends what is larger than its buffer in chunks.
    context.res().setContentLength(said.length);
    context.contentType(ExtenderServer.JSON).result(said);
  }

  private static byte[] whole(InputStream in, int length) throws IOException {
    byte[] body = new byte[length];
    int read = in.readNBytes(body, 0, length);
    if (read < length) {
      throw new EOFException(read + " of " + length + " bytes came");
    }
    return body;
  }

  private void tooLarge(Context context) {
    readOn(context);
    refuse(
        context,
        HttpStatus.CONTENT_TOO_LARGE,
        "too-large",
        "body is larger than "
            + ExtenderServer.MAX_BODY_BYTES
            + " bytes; set nodeCacheCapable: true to send node names only");
  }

  private void refuse(Context context, HttpStatus status, String problem, String reason) {
    metrics.bad(verb, problem);
    log.warn("{}: {}", verb.label(), reason);
    context.status(status).result(reason);
  }

  /** Most clients hear an answer only once they have written, so as much again is read over. */
  private static void readOn(Context context) {
    try {
      long skipped = context.bodyInputStream().skip(ExtenderServer.MAX_BODY_BYTES + 1L);
      log.debug("{} more bytes read over", skipped);
    } catch (IOException e) {
      log.debug("the rest of the body broke off: {}", e.getMessage());
    }
  }
}
