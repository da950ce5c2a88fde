package dev.tandem.extender;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How the extender runs. Immutable.
 *
 * @param host address to listen on; loopback by default, since kube-scheduler sits beside it
 * @param port port to listen on, 0 for any free one
 * @param topology topology file whose facts win over node labels, or null
 * @param shortList most nodes a filter answers with: kube-scheduler's own work on thousands of
 *     nodes costs more than ours, and 32 leaves its in-tree scores a choice
 * @param noise relative error of the cost: nodes within it of the best are offered too
 * @param expectation how long a pod is expected where it was sent, without the watch's word:
 *     binding takes well under a second, a volume some more
 * @param announcement how long after its newest pod a group keeps places for pods that {@code
 *     group-size} announced and nobody has created
 * @param gpuResource name of the extended resource that counts GPUs
 * @param recording whether and where decisions are recorded
 */
public record ExtenderConfig(
    String host,
    int port,
    @Nullable Path topology,
    int shortList,
    double noise,
    Duration expectation,
    Duration announcement,
    String gpuResource,
    Recording recording) {

  public ExtenderConfig {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("port: " + port + "; accepted: 0 to 65535");
    }
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

  /** The defaults, on any free loopback port. */
  public static ExtenderConfig defaults() {
    return new ExtenderConfig(
        "127.0.0.1",
        0,
        null,
        32,
        0.05,
        Duration.ofSeconds(15),
        Duration.ofSeconds(60),
        "nvidia.com/gpu",
        Recording.defaults());
  }

  /** The same on another port. */
  public ExtenderConfig withPort(int other) {
    return new ExtenderConfig(
        host, other, topology, shortList, noise, expectation, announcement, gpuResource, recording);
  }

  /** The same with its decisions recorded. */
  public ExtenderConfig withRecording(Recording other) {
    return new ExtenderConfig(
        host, port, topology, shortList, noise, expectation, announcement, gpuResource, other);
  }
}
