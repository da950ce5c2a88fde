package dev.tandem.cli.controlplane;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * One process of the control plane. It ends with {@link #close()} and also when this JVM ends in
 * any way, {@code kill -9} included: a shell holds the read end of our pipe and kills the process
 * when the pipe closes.
 */
final class ChildProcess implements AutoCloseable {
  /**
   * Lines of the log shown in a failure; the file itself is deleted with the control plane's
   * folder.
   */
  private static final int TAIL_LINES = 25;

  private static final Duration POLL = Duration.ofMillis(50);

  // Descriptor 3 is our pipe. The data is thrown away afterwards, so nothing is asked to stop
  // gently. The watcher outlives a signal that the whole process group is sent (kube-apiserver
  // would take a minute over it), since only it sees the pipe close.
  private static final String SUPERVISOR =
      """
      exec 3<&0
      "$@" 3<&- &
      child=$!
      ( trap '' TERM HUP INT; read -r _ <&3; kill -9 $child ) 2>/dev/null &
      watcher=$!
      exec 3<&-
      wait $child
      status=$?
      kill -9 $watcher 2>/dev/null
      exit $status
      """;

  private final String name;
  private final Path log;
  private final Process process;

  private ChildProcess(String name, Path log, Process process) {
    this.name = name;
    this.log = log;
    this.process = process;
  }

  /** Starts {@code command}; its output goes to {@code folder/name.log}. */
  static ChildProcess start(String name, Path folder, List<String> command) {
    Path log = folder.resolve(name + ".log");
    List<String> supervised = new ArrayList<>(List.of("/bin/sh", "-c", SUPERVISOR, name));
    supervised.addAll(command);
    try {
      Process process =
          new ProcessBuilder(supervised)
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      return new ChildProcess(name, log, process);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start " + name + ": " + e.getMessage(), e);
    }
  }

  /**
   * Waits until {@code healthy} answers true.
   *
   * @throws IllegalStateException when the process ends or {@code timeout} passes first; the
   *     message ends with the last lines of its log
   */
  void awaitHealthy(BooleanSupplier healthy, Duration timeout) {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (!healthy.getAsBoolean()) {
      if (!process.isAlive()) {
        throw new IllegalStateException(
            name
                + " ended with status "
                + process.exitValue()
                + " before it was healthy:\n"
                + tail());
      }
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException(
            name + " was not healthy after " + timeout.toSeconds() + " s:\n" + tail());
      }
      sleep();
    }
  }

  /** What the shell started. */
  Stream<ProcessHandle> descendants() {
    return process.descendants();
  }

  String tail() {
    try {
      List<String> lines =
          new String(Files.readAllBytes(log), StandardCharsets.UTF_8).lines().toList();
      return String.join("\n", lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size()));
    } catch (IOException e) {
      return "(no log: " + e.getMessage() + ")";
    }
  }

  /** Kills the process and waits until it is gone; at most 10 s. Closing twice is harmless. */
  @Override
  public void close() {
    try {
      process.getOutputStream().close();
    } catch (IOException e) {
      // The pipe was closed before; the shell has seen it.
    }
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private static void sleep() {
    try {
      Thread.sleep(POLL);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while a control plane process started", e);
    }
  }
}
