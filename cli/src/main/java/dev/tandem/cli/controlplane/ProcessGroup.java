package dev.tandem.cli.controlplane;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Processes that start one after the other, share a temporary folder, and end together; safe for
 * use by several threads.
 */
final class ProcessGroup implements AutoCloseable {
  /** Each process is given this long; a cold disk on a busy machine needs most of a minute. */
  private static final Duration START_TIMEOUT = Duration.ofSeconds(120);

  private final Path folder;
  private final Deque<ChildProcess> children = new ArrayDeque<>();
  private final Thread hook = new Thread(this::end, "control-plane-end");

  private ProcessGroup(Path folder) {
    this.folder = folder;
  }

  static ProcessGroup inTemporaryFolder() {
    try {
      ProcessGroup group = new ProcessGroup(Files.createTempDirectory("tandem-control-plane-"));
      Runtime.getRuntime().addShutdownHook(group.hook);
      return group;
    } catch (IOException e) {
      throw new UncheckedIOException(
          "no folder for the control plane's data: " + e.getMessage(), e);
    }
  }

  Path folder() {
    return folder;
  }

  /**
   * Starts a process and waits until it is healthy.
   *
   * @param name unique in this group; its log is {@code name.log} in the folder
   * @throws IllegalStateException with the end of its log when it ends or does not become healthy
   */
  ChildProcess run(String name, Path binary, List<String> arguments, BooleanSupplier healthy) {
    List<String> command = new ArrayList<>();
    command.add(binary.toString());
    command.addAll(arguments);
    ChildProcess child = ChildProcess.start(name, folder, command);
    synchronized (children) {
      children.push(child);
    }
    child.awaitHealthy(healthy, START_TIMEOUT);
    return child;
  }

  /** Ends one process before the others. */
  void end(ChildProcess child) {
    child.close();
    synchronized (children) {
      children.remove(child);
    }
  }

  /**
   * Ends every process, the last one started first, and deletes the folder. Closing twice is
   * harmless.
   */
  @Override
  public void close() {
    end();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The JVM is ending: the hook runs or has run, and finds nothing left.
    }
  }

  private void end() {
    synchronized (children) {
      children.forEach(ChildProcess::close);
      children.clear();
    }
    try {
      Files.walkFileTree(folder, new Deletion());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete " + folder + ": " + e.getMessage(), e);
    }
  }

  private static final class Deletion extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Files.deleteIfExists(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failure) {
      // Gone already: the group was closed before.
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
        throws IOException {
      Files.deleteIfExists(directory);
      return FileVisitResult.CONTINUE;
    }
  }
}
