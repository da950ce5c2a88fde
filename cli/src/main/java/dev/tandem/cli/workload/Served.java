package dev.tandem.cli.workload;

import org.jspecify.annotations.Nullable;

/**
 * What came of one request, as the client saw it. Times are in the model's seconds: real ones
 * multiplied by the speed-up.
 *
 * @param index its place in the trace
 * @param model what it asked for
 * @param sentAtSeconds since the run began
 * @param firstTokenSeconds from the moment it was due to the first content; null when none came
 * @param prefillPod the pod that prefilled for another one; null when one pod served it alone
 * @param decodePod the pod that answered; null when no router said so
 * @param error why it failed; null when it was served whole
 */
public record Served(
    int index,
    String model,
    double sentAtSeconds,
    @Nullable Double firstTokenSeconds,
    long promptTokens,
    long cachedTokens,
    @Nullable String prefillPod,
    @Nullable String decodePod,
    @Nullable String error) {

  /** Whether a prefill and a decode pod shared it. */
  public boolean split() {
    return error == null && prefillPod != null;
  }
}
