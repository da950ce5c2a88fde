package dev.tandem.cli.images;

import java.util.ArrayList;
import java.util.List;

/**
 * One process as an image. Its container arguments begin with {@link #command}, as on the command
 * line.
 *
 * @param name the image's name after {@code tandem/}
 * @param command the word its arguments begin with
 * @param module the Maven module whose class path it runs on
 * @param main the class that answers the command
 * @param memory the memory flags of the JVM; a sidecar has 128 MB, the others 256 MB
 */
public record ProcessImage(
    String name, String command, String module, String main, List<String> memory) {

  private static final List<String> SIDECAR =
      List.of(
          "-Xms16m",
          "-Xmx96m",
          "-Xss512k",
          "-XX:ReservedCodeCacheSize=48m",
          "-XX:MaxDirectMemorySize=64m");

  // As in ./tandem; docs/benchmarks/ has what each then holds.
  static final List<ProcessImage> ALL =
      List.of(
          new ProcessImage(
              "extender", "extender", "extender", "dev.tandem.extender.Main", List.of("-Xmx160m")),
          new ProcessImage(
              "webhook",
              "webhook",
              "webhook",
              "dev.tandem.webhook.Main",
              List.of("-Xms16m", "-Xmx80m", "-XX:TrimNativeHeapInterval=5000")),
          new ProcessImage(
              "controller",
              "controller",
              "controller",
              "dev.tandem.controller.Main",
              List.of("-Xmx96m")),
          new ProcessImage(
              "router-sidecar", "router", "router-sidecar", "dev.tandem.router.Main", SIDECAR),
          new ProcessImage(
              "vllm-standin", "vllm-standin", "vllm-standin", "dev.tandem.standin.Main", SIDECAR));

  public ProcessImage {
    memory = List.copyOf(memory);
  }

  /**
   * The process that answers a command.
   *
   * @throws IllegalArgumentException where none does
   */
  public static ProcessImage of(String command) {
    return ALL.stream()
        .filter(image -> image.command().equals(command))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no image runs " + command));
  }

  /** How its JVM is told to use memory, and what its libraries need. */
  public List<String> jvmFlags() {
    List<String> flags = new ArrayList<>(memory);
    flags.add("-XX:+UseSerialGC");
    // Threads that are left without memory one by one would leave a process that only looks alive.
    flags.add("-XX:+ExitOnOutOfMemoryError");
    flags.add("-XX:+UseCompactObjectHeaders");
    flags.add("--enable-native-access=ALL-UNNAMED");
    flags.add("--sun-misc-unsafe-memory-access=allow");
    return flags;
  }
}
