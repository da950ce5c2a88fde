package dev.tandem.extender.http;

import dev.tandem.edge.http.Endpoints;
import dev.tandem.edge.http.Reply;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One verb over HTTP: reads the body within its bounds, answers, and says what it would not take.
 * What does not come as a whole call is no call: it gets a status and a sentence.
 */
final class CallEndpoint implements Endpoints.Endpoint {
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
  public Reply serve(Request request) {
    String waiting = unready.get();
    if (waiting != null) {
      return refused(HttpStatus.SERVICE_UNAVAILABLE_503, "not-ready", "not ready: " + waiting);
    }
    long announced = request.getLength();
    if (announced > ExtenderServer.MAX_BODY_BYTES) {
      return tooLarge(request);
    }
    // A body of unknown length may be as large as any.
    int reserved = (int) (announced < 0 ? ExtenderServer.MAX_BODY_BYTES : announced);
    if (!doors.enter(reserved)) {
      return refused(
          HttpStatus.SERVICE_UNAVAILABLE_503,
          "busy",
          doors.inside() + " calls are being answered; ask again");
    }
    try {
      return whole(request, (int) announced);
    } finally {
      doors.leave(reserved);
    }
  }

  private Reply whole(Request request, int announced) {
    byte[] body;
    try {
      InputStream in = Content.Source.asInputStream(request);
      // In one piece where the length is known: large bodies would else be held twice.
      body =
          announced >= 0 ? whole(in, announced) : in.readNBytes(ExtenderServer.MAX_BODY_BYTES + 1);
    } catch (IOException e) {
      return refused(
          HttpStatus.BAD_REQUEST_400, "broken-off", "the body broke off: " + e.getMessage());
    }
    return body.length > ExtenderServer.MAX_BODY_BYTES
        ? tooLarge(request)
        : Reply.json(HttpStatus.OK_200, answer.apply(body));
  }

  private static byte[] whole(InputStream in, int length) throws IOException {
    byte[] body = new byte[length];
    int read = in.readNBytes(body, 0, length);
    if (read < length) {
      throw new EOFException(read + " of " + length + " bytes came");
    }
    return body;
  }

  private Reply tooLarge(Request request) {
    readOn(request);
    return refused(
        HttpStatus.PAYLOAD_TOO_LARGE_413,
        "too-large",
        "body is larger than "
            + ExtenderServer.MAX_BODY_BYTES
            + " bytes; set nodeCacheCapable: true to send node names only");
  }

  private Reply refused(int status, String problem, String reason) {
    metrics.bad(verb, problem);
    log.warn("{}: {}", verb.label(), reason);
    return Reply.text(status, reason);
  }

  /** Most clients hear an answer only once they have written, so as much again is read over. */
  private static void readOn(Request request) {
    try {
      long skipped = Content.Source.asInputStream(request).skip(ExtenderServer.MAX_BODY_BYTES + 1L);
      log.debug("{} more bytes read over", skipped);
    } catch (IOException e) {
      log.debug("the rest of the body broke off: {}", e.getMessage());
    }
  }
}
