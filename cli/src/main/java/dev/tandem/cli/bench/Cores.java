package dev.tandem.cli.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Processors given apart: one to the server that is measured, another to this JVM, which drives it.
 * Needs {@code taskset} (util-linux) and two processors; without, everything shares everything.
 *
 * @param server words before the server's command
 */
record Cores(List<String> server) {

  private static final String TASKSET = "/usr/bin/taskset";

  /** It fails where a thread ends between being listed and being set. */
  private static final int ATTEMPTS = 10;

  /** From now on this JVM keeps to the second processor. */
  static Cores split() throws IOException, InterruptedException {
    if (!Files.isExecutable(Path.of(TASKSET)) || Runtime.getRuntime().availableProcessors() < 2) {
      return new Cores(List.of());
    }
    keepTo("1");
    return new Cores(List.of(TASKSET, "-c", "0"));
  }

  /** This JVM, and what it starts, may use the first two processors again. */
  void rejoin() throws IOException, InterruptedException {
    if (!server.isEmpty()) {
      keepTo("0,1");
    }
  }

  String text() {
    return server.isEmpty()
        ? "sharing all processors with the driver (no taskset, or one processor)"
        : "on processor 0, the driver on processor 1";
  }

  private static void keepTo(String processors) throws IOException, InterruptedException {
    int status = taskset(processors);
    for (int attempt = 1; status != 0 && attempt < ATTEMPTS; attempt++) {
      status = taskset(processors);
    }
    if (status != 0) {
      throw new IOException("taskset ended with " + status);
    }
  }

  private static int taskset(String processors) throws IOException, InterruptedException {
    return new ProcessBuilder(
            TASKSET, "-acp", processors, String.valueOf(ProcessHandle.current().pid()))
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
  }
}
