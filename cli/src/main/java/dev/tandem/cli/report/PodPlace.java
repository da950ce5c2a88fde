package dev.tandem.cli.report;

import dev.tandem.api.LocalityPath;
import dev.tandem.api.ModelFacts;
import dev.tandem.api.Role;
import dev.tandem.api.TransferCost;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A pod on its node.
 *
 * @param group null for a pod that exchanges KV cache with nobody
 * @param model served model name
 * @param nvlinkDomain the node's NVLink domain, null where it has none
 * @param locality the stamp on the pod, null where it has none
 * @param reason why it is there, in one sentence
 * @param better what would have been better and why it was not to be had; null when nothing would
 * @param gpus how many it holds, which is its tensor-parallel size
 */
public record PodPlace(
    String pod,
    @Nullable String group,
    Role role,
    String model,
    String node,
    @Nullable String nvlinkDomain,
    @Nullable String locality,
    String reason,
    @Nullable String better,
    int gpus) {

  private static final TransferCost COST = TransferCost.defaults();

  /**
   * Predicted seconds to move the KV cache of a prompt between this pod and another, on an idle
   * link; null where a stamp is missing or nothing connects them.
   */
  public @Nullable Double transferSeconds(PodPlace other, long promptTokens) {
    LocalityPath here = path();
    LocalityPath there = other.path();
    if (here == null || there == null) {
      return null;
    }
    TransferCost.Estimate estimate =
        COST.estimate(
            here, there, ModelFacts.of(model).transfer(promptTokens, gpus, other.gpus), 0);
    return switch (estimate) {
      case TransferCost.Known known -> known.seconds();
      case TransferCost.Unknown _ -> null;
    };
  }

  /** Tokens whose KV cache has this many bytes over the whole model. */
  public long tokens(long cacheBytes) {
    return cacheBytes / ModelFacts.of(model).kvBytesPerToken();
  }

  /** The mean of {@link #transferSeconds} over the pods it exchanges with, in milliseconds. */
  public @Nullable Double meanTransferMillis(List<PodPlace> all, long promptTokens) {
    Role partner =
        switch (role) {
          case PREFILL -> Role.DECODE;
          case DECODE -> Role.PREFILL;
          case DRAFT -> Role.TARGET;
          case TARGET -> Role.DRAFT;
          case BOTH -> null;
        };
    if (group == null || partner == null) {
      return null;
    }
    OptionalDouble mean =
        all.stream()
            .filter(pod -> group.equals(pod.group()) && pod.role() == partner)
            .map(pod -> transferSeconds(pod, promptTokens))
            .mapMulti(PodPlace::present)
            .mapToDouble(seconds -> seconds * 1000)
            .average();
    return mean.isPresent() ? mean.getAsDouble() : null;
  }

  private static void present(@Nullable Double seconds, Consumer<Double> next) {
    if (seconds != null) {
      next.accept(seconds);
    }
  }

  private @Nullable LocalityPath path() {
    if (locality == null) {
      return null;
    }
    return switch (LocalityPath.parse(locality)) {
      case LocalityPath.Valid valid -> valid.path();
      case LocalityPath.Invalid _ -> null;
    };
  }
}
