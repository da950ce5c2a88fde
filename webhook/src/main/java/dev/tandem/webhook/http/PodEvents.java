package dev.tandem.webhook.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.function.Function;

/**
 * Tells a pod's owner what became of it, for those who never see a warning: a Deployment's pods are
 * created by a controller. A decorator of the review; it notes and goes on. A dry run leaves
 * nothing, and neither does a pod nobody controls: it has no uid yet that an Event could name.
 */
final class PodEvents implements Function<AdmissionRequest, Verdict> {

  private final Function<AdmissionRequest, Verdict> reviews;
  private final EventSink sink;

  PodEvents(Function<AdmissionRequest, Verdict> reviews, EventSink sink) {
    this.reviews = reviews;
    this.sink = sink;
  }

  @Override
  public Verdict apply(AdmissionRequest request) {
    Verdict verdict = reviews.apply(request);
    if (request.dryRun() || verdict.outcome().equals(PodReviews.NOT_OURS)) {
      return verdict;
    }
    for (JsonNode owner : request.object().path("metadata").path("ownerReferences")) {
      if (owner.path("controller").asBoolean()) {
        sink.note(note(request.namespace(), owner, verdict));
      }
    }
    return verdict;
  }

  private static OwnerEvent note(String namespace, JsonNode owner, Verdict verdict) {
    return new OwnerEvent(
        namespace,
        owner.path("apiVersion").asText(""),
        owner.path("kind").asText(""),
        owner.path("name").asText(""),
        owner.path("uid").asText(""),
        switch (verdict) {
          case Verdict.Denied _ -> OwnerEvent.Kind.REFUSED;
          case Verdict.Allowed allowed ->
              allowed.outcome().equals("injected")
                  ? OwnerEvent.Kind.INJECTED
                  : OwnerEvent.Kind.SKIPPED;
        },
        switch (verdict) {
          case Verdict.Denied denied -> denied.message();
          case Verdict.Allowed allowed ->
              allowed.warnings().isEmpty()
                  ? allowed.outcome()
                  : allowed.outcome() + ": " + String.join("; ", allowed.warnings());
        });
  }
}
