package dev.tandem.webhook.http;

import dev.tandem.webhook.http.AdmissionWire.Incoming;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Function;
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
final class ReviewEndpoint implements Handler {

  static final int MOST_BYTES = 8 << 20;

  /** The outcome of a defect of ours. */
  static final String ERROR = "error";

  private static final Logger log = LoggerFactory.getLogger(ReviewEndpoint.class);

  private final String resource;
  private final Function<AdmissionRequest, Verdict> reviews;
  private final LargeBodies bodies;
  private final WebhookMetrics metrics;

  ReviewEndpoint(
      String resource,
      Function<AdmissionRequest, Verdict> reviews,
      LargeBodies bodies,
      WebhookMetrics metrics) {
    this.resource = resource;
    this.reviews = reviews;
    this.bodies = bodies;
    this.metrics = metrics;
  }

  @Override
  public void handle(Context context) {
    String type = String.valueOf(context.contentType()).toLowerCase(Locale.ROOT);
    if (!type.equals("application/json") && !type.startsWith("application/json;")) {
      refuse(
          context,
          415,
          "content_type",
          "content type \"%s\": accepted is application/json".formatted(type));
      return;
    }
    try (InputStream stream = context.req().getInputStream()) {
      boolean small =
          bodies.read(
              stream,
              MOST_BYTES + 1,
              body -> {
                if (body.length <= MOST_BYTES) {
                  answer(context, body);
                }
                return body.length <= MOST_BYTES;
              });
      if (!small) {
        refuse(
            context, 413, "too_large", "body: accepted are at most %d bytes".formatted(MOST_BYTES));
      }
    } catch (LargeBodies.Busy e) {
      refuse(context, 503, "busy", "too many large bodies at a time; try again");
    } catch (IOException e) {
      refuse(context, 400, "truncated", "body broke off: " + e.getMessage());
    }
  }

  private void answer(Context context, byte[] body) {
    long start = System.nanoTime();
    switch (AdmissionWire.read(body)) {
      case Incoming.Unreadable(String message) -> refuse(context, 400, "unreadable", message);
      case Incoming.Review(AdmissionRequest request) -> answer(context, request, start);
    }
  }

  private void answer(Context context, AdmissionRequest request, long start) {
    Verdict verdict = verdict(request);
    if (verdict instanceof Verdict.Denied denied) {
      log.info("denied {} in {}: {}", resource, request.namespace(), denied.message());
    }
    byte[] answer = AdmissionWire.answer(request.uid(), verdict);
    metrics.reviewed(resource, verdict.outcome(), Duration.ofNanos(System.nanoTime() - start));
    context.contentType("application/json").result(answer);
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

  private void refuse(Context context, int status, String reason, String message) {
    metrics.refused(reason);
    log.warn("refused a request with {}: {}", status, message);
    context
        .status(status)
        .contentType("application/json")
        .result(AdmissionWire.refused(status, message));
  }
}
