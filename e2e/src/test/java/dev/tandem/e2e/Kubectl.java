package dev.tandem.e2e;

import dev.tandem.cli.controlplane.RealControlPlane;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The command a user types, against one control plane, as its administrator. */
final class Kubectl {
  private final RealControlPlane plane;

  Kubectl(RealControlPlane plane) {
    this.plane = plane;
  }

  /**
   * What one run said.
   *
   * @param output both streams, as they came
   */
  record Result(int status, String output) {}

  /** Runs it; fails with its output when it ends with another status than 0. */
  String run(String... arguments) {
    Result result = tryRun(arguments);
    if (result.status() != 0) {
      throw new AssertionError(
          "kubectl "
              + String.join(" ", arguments)
              + " ended with "
              + result.status()
              + ":\n"
              + result.output());
    }
    return result.output();
  }

  Result tryRun(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(plane.kubectl().toString());
    command.add("--kubeconfig=" + plane.kubeconfig());
    command.addAll(List.of(arguments));
    try {
      Process process =
          new ProcessBuilder(command)
              .directory(Project.root().toFile())
              .redirectErrorStream(true)
              .start();
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Result(process.waitFor(), output);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot run " + command + ": " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while kubectl ran", e);
    }
  }
}
