package dev.tandem.webhook.http;

import dev.tandem.webhook.binding.BindingStamp;
import java.util.List;
import java.util.function.Function;

/** Reviews of Bindings. A bind always goes on, with a warning where the node is not known. */
final class BindingReviews implements Function<AdmissionRequest, Verdict> {

  private static final String STAMPED = "stamped";
  private static final String UNKNOWN_NODE = "unknown_node";

  /** All outcomes of our own entries' Bindings. */
  static final List<String> OUTCOMES = List.of(STAMPED, UNKNOWN_NODE);

  private final BindingStamp stamp;

  BindingReviews(BindingStamp stamp) {
    this.stamp = stamp;
  }

  @Override
  public Verdict apply(AdmissionRequest request) {
    if (!request.creates("Binding")) {
      return Verdict.Allowed.unchanged(PodReviews.NOT_OURS);
    }
    return switch (stamp.stamp(request.object())) {
      case BindingStamp.Result.Stamped stamped ->
          new Verdict.Allowed(STAMPED, stamped.patch(), List.of());
      case BindingStamp.Result.Unknown unknown ->
          new Verdict.Allowed(UNKNOWN_NODE, unknown.patch(), List.of(unknown.reason()));
    };
  }
}
