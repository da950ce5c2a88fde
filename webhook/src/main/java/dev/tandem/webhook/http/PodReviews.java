package dev.tandem.webhook.http;

import dev.tandem.webhook.inject.InjectionResult;
import dev.tandem.webhook.inject.Injector;
import dev.tandem.webhook.inject.Origin;
import java.util.Map;
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
    InjectionResult result =
        injector.inject(request.object(), new Origin(request.namespace(), true));
    return switch (result) {
      case InjectionResult.Denied denied ->
          new Verdict.Denied(result.outcome(), denied.message(), result.warnings());
      case InjectionResult.Injected injected ->
          new Verdict.Allowed(
              result.outcome(),
              result.patch(),
              result.warnings(),
              Map.of("template", injected.template()));
      case InjectionResult.Skipped _ ->
          new Verdict.Allowed(result.outcome(), result.patch(), result.warnings());
    };
  }
}
