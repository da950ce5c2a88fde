package dev.tandem.extender;

import dev.tandem.extender.decide.Decider;
import dev.tandem.extender.decide.GpuResources;
import java.time.Duration;

/**
 * How the extender decides. Immutable.
 *
 * @param shortList most nodes a filter answers with: kube-scheduler's own work on thousands of
 *     nodes costs more than ours, and 32 leaves its in-tree scores a choice
 * @param noise relative error of the cost: nodes within it of the best are offered too
 * @param expectation how long a pod is expected where it was sent, without the watch's word:
 *     binding takes well under a second, a volume some more
 * @param announcement how long after its newest pod a group keeps places for pods that {@code
 *     group-size} announced and nobody has created
 * @param gpuResources the extended resources that count GPUs
 */
public record Planning(
    int shortList,
    double noise,
    Duration expectation,
    Duration announcement,
    GpuResources gpuResources) {

  public Planning {
    if (shortList < 1 || shortList > 5_000) {
      throw new IllegalArgumentException("short-list: " + shortList + "; accepted: 1 to 5000");
    }
    if (!(noise >= 0 && noise <= 1)) {
      throw new IllegalArgumentException("noise: " + noise + "; accepted: 0 to 1");
    }
    if (expectation.isNegative() || announcement.isNegative()) {
      throw new IllegalArgumentException("expectation and announcement cannot be negative");
    }
  }

  /** The decider's own defaults, and NVIDIA's device plugin. */
  public static Planning defaults() {
    Decider.Limits limits = Decider.Limits.defaults();
    return new Planning(
        limits.shortList(),
        limits.noise(),
        limits.expectation(),
        limits.announcement(),
        GpuResources.of("nvidia.com/gpu"));
  }

  /** What the decider is bound by. */
  Decider.Limits limits() {
    return new Decider.Limits(
        shortList, noise, expectation, announcement, Decider.Limits.defaults().mostExpected());
  }
}
