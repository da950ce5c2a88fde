package dev.tandem.cli.page;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One pod on its node, and why it is there. Immutable.
 *
 * @param run the run that placed it
 * @param pod its name, unique within the run
 * @param group the pods it exchanges KV cache with, or null when it serves alone
 * @param role {@code prefill}, {@code decode}, {@code both}, {@code draft} or {@code target}
 * @param model the served model
 * @param gpus how many GPUs it holds
 * @param locality the stamp on the pod (far to near), or null when it has none
 * @param reason why this node, in one sentence for a person
 * @param transferMillis the predicted time to move one typical prompt's KV cache to or from the
 *     pods of its group, mean over them; null when it exchanges none or the link is unknown
 * @param better what would have been better and why it was not to be had, or null when nothing
 *     would
 */
public record PlacementView(
    Run run,
    String pod,
    @Nullable String group,
    String role,
    String node,
    String model,
    int gpus,
    @Nullable String locality,
    String reason,
    @Nullable Double transferMillis,
    @Nullable String better) {

  private static final List<String> ROLES = List.of("prefill", "decode", "both", "draft", "target");

  public PlacementView {
    if (!ROLES.contains(role)) {
      throw new IllegalArgumentException(
          "role of pod " + pod + " is " + role + "; accepted: " + ROLES);
    }
    if (gpus < 0) {
      throw new IllegalArgumentException(
          "pod " + pod + " holds " + gpus + " GPUs; accepted: 0 or more");
    }
  }
}
