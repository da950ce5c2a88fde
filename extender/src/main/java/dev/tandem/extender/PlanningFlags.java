package dev.tandem.extender;

import java.time.Duration;
import picocli.CommandLine.Option;

/** The command line of {@link Planning}. */
final class PlanningFlags {
  private static final Planning DEFAULTS = Planning.defaults();

  @Option(
      names = "--short-list",
      paramLabel = "N",
      description = "Most nodes a filter answers with (default: ${DEFAULT-VALUE}).")
  private int shortList = DEFAULTS.shortList();

  @Option(
      names = "--noise",
      paramLabel = "SHARE",
      description =
          "Nodes within this share of the best cost are offered too (default: ${DEFAULT-VALUE}).")
  private double noise = DEFAULTS.noise();

  @Option(
      names = "--expectation-seconds",
      paramLabel = "N",
      description =
          "How long a pod is expected where it was sent until the watch confirms"
              + " (default: ${DEFAULT-VALUE}).")
  private long expectationSeconds = DEFAULTS.expectation().toSeconds();

  @Option(
      names = "--announcement-seconds",
      paramLabel = "N",
      description =
          "How long a group keeps places for announced pods nobody has created"
              + " (default: ${DEFAULT-VALUE}).")
  private long announcementSeconds = DEFAULTS.announcement().toSeconds();

  @Option(
      names = "--gpu-resource",
      paramLabel = "NAME",
      description = "Resource that counts GPUs (default: ${DEFAULT-VALUE}).")
  private String gpuResource = DEFAULTS.gpuResource();

  Planning planning() {
    return new Planning(
        shortList,
        noise,
        Duration.ofSeconds(expectationSeconds),
        Duration.ofSeconds(announcementSeconds),
        gpuResource);
  }
}
