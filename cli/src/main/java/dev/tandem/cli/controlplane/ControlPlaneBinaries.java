package dev.tandem.cli.controlplane;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where etcd, kube-apiserver, kube-scheduler and kube-controller-manager are.
 *
 * @param folder holds all four, and kubectl when it was built by this project
 */
public record ControlPlaneBinaries(Path folder) {
  static final List<String> NEEDED =
      List.of("etcd", "kube-apiserver", "kube-scheduler", "kube-controller-manager");

  /** Where controller test suites keep ready-made binaries. */
  private static final String ASSETS = "KUBEBUILDER_ASSETS";

  /**
   * @throws IllegalArgumentException naming the binaries that are missing
   */
  public ControlPlaneBinaries {
    List<String> missing = missing(folder);
    if (!missing.isEmpty()) {
      throw new IllegalArgumentException(
          folder + " has no executable " + String.join(", ", missing));
    }
  }

  /**
   * Takes the folder that {@code KUBEBUILDER_ASSETS} names when it holds all four, and builds them
   * from {@code e2e/control-plane} otherwise (minutes the first time, nothing to do afterwards).
   *
   * @param project the root of the source tree
   * @throws IllegalStateException when the build fails; the message holds what it said
   */
  public static ControlPlaneBinaries find(Path project, Map<String, String> environment) {
    @Nullable String assets = environment.get(ASSETS);
    if (assets != null && missing(Path.of(assets)).isEmpty()) {
      return new ControlPlaneBinaries(Path.of(assets));
    }
    return new ControlPlaneBinaries(build(project.resolve("e2e/control-plane/build")));
  }

  Path path(String binary) {
    return folder.resolve(binary);
  }

  /**
   * One of the tools that are built with the control plane.
   *
   * @throws IllegalStateException where the binaries are of another origin
   */
  Path tool(String name) {
    Path tool = path(name);
    if (!Files.isExecutable(tool)) {
      throw new IllegalStateException(
          folder + " has no " + name + "; unset " + ASSETS + " so that the project builds its own");
    }
    return tool;
  }

  private static List<String> missing(Path folder) {
    return NEEDED.stream().filter(name -> !Files.isExecutable(folder.resolve(name))).toList();
  }

  private static Path build(Path script) {
    if (!Files.isExecutable(script)) {
      throw new IllegalStateException(
          "no control plane: "
              + script
              + " does not exist, and "
              + ASSETS
              + " names no folder with "
              + NEEDED);
    }
    try {
      Process process =
          new ProcessBuilder(script.toString())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      process.getOutputStream().close();
      String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int status = process.waitFor();
      if (status != 0) {
        throw new IllegalStateException(
            script + " failed with status " + status + "; see its output above");
      }
      return Path.of(printed.strip());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot run " + script + ": " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the control plane was built", e);
    }
  }
}
