package dev.tandem.extender;

import dev.tandem.extender.decide.GpuResources;
import java.time.Duration;
import java.util.List;
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
          "How long after its last pod was seen a group keeps places for announced pods nobody"
              + " has created (default: ${DEFAULT-VALUE}).")
  private long announcementSeconds = DEFAULTS.announcement().toSeconds();

  @Option(
      names = "--gpu-resource",
      paramLabel = "NAME",
      split = ",",
      description =
          "Resources that count GPUs, the first that a node offers or a pod asks for counting;"
              + " repeatable or separated by commas (default: ${DEFAULT-VALUE}).")
  private List<String> gpuResources = DEFAULTS.gpuResources().names();

  Planning planning() {
    return new Planning(
        shortList,
        noise,
        Duration.ofSeconds(expectationSeconds),
        Duration.ofSeconds(announcementSeconds),
        new GpuResources(gpuResources));
  }
}
