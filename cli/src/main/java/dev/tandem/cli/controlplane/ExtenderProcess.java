package dev.tandem.cli.controlplane;

import dev.tandem.cli.images.ImageStart;
import dev.tandem.cli.images.ProcessImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * An extender in a process of its own on a loopback port, which ends with the control plane it
 * watches.
 */
public final class ExtenderProcess implements AutoCloseable {
  private final ProcessGroup processes;
  private final ChildProcess process;
  private final Path program;
  private final int port;

  private ExtenderProcess(ProcessGroup processes, ChildProcess process, Path program, int port) {
    this.processes = processes;
    this.process = process;
    this.program = program;
    this.port = port;
  }

  /**
   * Starts ours with the class path of this JVM and the memory its image gives it, and returns when
   * it is ready.
   *
   * @param options of its command line, e.g. {@code --short-list=8}
   * @throws IllegalStateException with the end of its log when it does not become ready
   */
  public static ExtenderProcess start(RealControlPlane plane, List<String> options) {
    return startAt(plane, LoopbackPorts.free(), options);
  }

  /** The same on a port that is free: where one that ended was before. */
  public static ExtenderProcess startAt(RealControlPlane plane, int port, List<String> options) {
    return start(plane, port, ours(), options);
  }

  /** The same as its image starts it. */
  public static ExtenderProcess start(
      RealControlPlane plane, ImageStart image, List<String> options) {
    return start(plane, LoopbackPorts.free(), image.words(true), options);
  }

  private static ExtenderProcess start(
      RealControlPlane plane, int port, List<String> words, List<String> options) {
    List<String> arguments = new ArrayList<>(words);
    arguments.addFirst("-Dorg.slf4j.simpleLogger.defaultLogLevel=warn");
    arguments.addAll(List.of("extender", "--kubeconfig=" + plane.kubeconfig(), "--port=" + port));
    arguments.addAll(options);
    return run(
        plane,
        "extender",
        real(Path.of(System.getProperty("java.home"), "bin/java")),
        port,
        arguments);
  }

  /** The memory its image has, and the class path of this JVM. */
  private static List<String> ours() {
    List<String> words = new ArrayList<>(ProcessImage.of("extender").jvmFlags());
    words.addAll(List.of("-cp", System.getProperty("java.class.path"), "dev.tandem.cli.Main"));
    return words;
  }

  /** Starts the one that only cuts the list of nodes, with which ours is compared. */
  public static ExtenderProcess startCutting(RealControlPlane plane) {
    int port = LoopbackPorts.free();
    return run(
        plane,
        "cut-extender",
        real(plane.binaries().tool("cut-extender")),
        port,
        List.of("-listen=127.0.0.1:" + port));
  }

  private static ExtenderProcess run(
      RealControlPlane plane, String name, Path program, int port, List<String> arguments) {
    ProcessGroup processes = plane.processes();
    ChildProcess process =
        processes.run(name + "-" + port, program, arguments, HealthProbe.http(port, "/readyz"));
    return new ExtenderProcess(processes, process, program, port);
  }

  private static Path real(Path program) {
    try {
      return program.toRealPath();
    } catch (IOException e) {
      throw new UncheckedIOException(program + " cannot be run: " + e.getMessage(), e);
    }
  }

  public URI url() {
    return URI.create("http://127.0.0.1:" + port);
  }

  public int port() {
    return port;
  }

  /** The process of the extender itself. */
  public ProcessHandle handle() {
    return process
        .descendants()
        .filter(child -> child.info().command().filter(program.toString()::equals).isPresent())
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("the extender has ended:\n" + process.tail()));
  }

  /** Kills it, as a node that fails would. Closing twice is harmless. */
  @Override
  public void close() {
    processes.end(process);
  }
}
