package dev.tandem.webhook.http;

import dev.tandem.edge.http.Endpoints;
import dev.tandem.edge.http.Reply;
import dev.tandem.webhook.http.AdmissionWire.Incoming;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Function;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One review path: bytes in, verdict, bytes out. Runs on a virtual thread a request.
 *
 * <p>A user's mistake denies; a mistake of ours admits with a warning, because {@code
 * allowed:false} denies whatever the failure policy says. The body is held in memory, at most
 * {@value #MOST_BYTES} bytes of it (two objects of etcd's 3 MB and room, as controller-runtime
 * counts); more is answered 413.
 */
final class ReviewEndpoint implements Endpoints.Endpoint {

  static final int MOST_BYTES = 8 << 20;

  /** The outcome of a defect of ours. */
  static final String ERROR = "error";

  private static final Logger log = LoggerFactory.getLogger(ReviewEndpoint.class);

  private final String resource;
  private final Function<AdmissionRequest, Verdict> reviews;
  private final LargeBodies bodies;
  private final WebhookMetrics metrics;
  private final Duration patience;

  ReviewEndpoint(
      String resource,
      Function<AdmissionRequest, Verdict> reviews,
      LargeBodies bodies,
      WebhookMetrics metrics,
      Duration patience) {
    this.resource = resource;
    this.reviews = reviews;
    this.bodies = bodies;
    this.metrics = metrics;
    this.patience = patience;
  }

  @Override
  public Reply serve(Request request) {
    String type =
        String.valueOf(request.getHeaders().get(HttpHeader.CONTENT_TYPE)).toLowerCase(Locale.ROOT);
    if (!type.equals("application/json") && !type.startsWith("application/json;")) {
      return refused(
          HttpStatus.UNSUPPORTED_MEDIA_TYPE_415,
          "content_type",
          "content type \"%s\": accepted is application/json".formatted(type));
    }
    try {
      InputStream stream = new PunctualBody(Content.Source.asInputStream(request), patience);
      return bodies.read(stream, MOST_BYTES + 1, this::answer);
    } catch (LargeBodies.Busy e) {
      return refused(
          HttpStatus.SERVICE_UNAVAILABLE_503, "busy", "too many large bodies at a time; try again");
    } catch (IOException e) {
      return refused(HttpStatus.BAD_REQUEST_400, "truncated", "body broke off: " + e.getMessage());
    }
  }

  private Reply answer(byte[] body) {
    if (body.length > MOST_BYTES) {
      return refused(
          HttpStatus.PAYLOAD_TOO_LARGE_413,
          "too_large",
          "body: accepted are at most %d bytes".formatted(MOST_BYTES));
    }
    long start = System.nanoTime();
    return switch (AdmissionWire.read(body)) {
      case Incoming.Unreadable(String message) ->
          refused(HttpStatus.BAD_REQUEST_400, "unreadable", message);
      case Incoming.Review(AdmissionRequest request) -> answer(request, start);
    };
  }

  private Reply answer(AdmissionRequest request, long start) {
    Verdict verdict = verdict(request);
    if (verdict instanceof Verdict.Denied denied) {
      log.info("denied {} in {}: {}", resource, request.namespace(), denied.message());
    }
    byte[] answer = AdmissionWire.answer(request.uid(), verdict);
    metrics.reviewed(resource, verdict.outcome(), Duration.ofNanos(System.nanoTime() - start));
    return Reply.json(HttpStatus.OK_200, answer);
  }

  private Verdict verdict(AdmissionRequest request) {
    try {
      return reviews.apply(request);
    } catch (RuntimeException e) {
      log.error("review {} of {} failed, admitted unchanged", request.uid(), resource, e);
      return Verdict.Allowed.unchanged(
          ERROR, "tandem: internal error, the object was admitted unchanged: " + e);
    }
  }

  private Reply refused(int status, String reason, String message) {
    metrics.refused(reason);
    log.warn("refused a request with {}: {}", status, message);
    return Reply.json(status, AdmissionWire.refused(status, message));
  }
}
