package dev.tandem.webhook.http;

import dev.tandem.webhook.inject.InjectionResult;
import dev.tandem.webhook.inject.Injector;
import dev.tandem.webhook.inject.Origin;
import java.util.function.Function;

/**
 * Reviews of pods. The entries of the webhook configuration select who is sent here, so a pod
 * without the label comes from a namespace that opted in.
 */
final class PodReviews implements Function<AdmissionRequest, Verdict> {

  static final String NOT_OURS = "not_ours";

  private final Injector injector;

  PodReviews(Injector injector) {
    this.injector = injector;
  }

  @Override
  public Verdict apply(AdmissionRequest request) {
    if (!request.creates("Pod")) {
      return Verdict.Allowed.unchanged(NOT_OURS);
    }
    return switch (injector.inject(request.object(), new Origin(request.namespace(), true))) {
      case InjectionResult.Injected injected ->
          new Verdict.Allowed("injected", injected.patch(), injected.warnings());
      case InjectionResult.Skipped skipped ->
          Verdict.Allowed.unchanged("skipped_" + skipped.reason().label());
      case InjectionResult.Denied denied -> new Verdict.Denied("denied", denied.message());
    };
  }
}
