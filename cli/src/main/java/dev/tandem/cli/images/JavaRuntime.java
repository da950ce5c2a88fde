package dev.tandem.cli.images;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A Java runtime with only the modules our processes use, linked out of the JDK that runs this. */
final class JavaRuntime {

  /**
   * What the processes and their libraries load: the logging, management and naming that Jetty,
   * Netty and the Kubernetes client expect; TLS with elliptic curves; {@code jdk.unsupported} for
   * Netty; {@code java.xml} and {@code java.sql} for types Jackson looks up. Without {@code
   * java.desktop}, the largest.
   */
  private static final List<String> MODULES =
      List.of(
          "java.base",
          "java.logging",
          "java.management",
          "java.naming",
          "java.net.http",
          "java.security.jgss",
          "java.sql",
          "java.xml",
          "jdk.crypto.ec",
          "jdk.management",
          "jdk.net",
          "jdk.unsupported");

  private JavaRuntime() {}

  /**
   * Links into {@code folder}, which must not exist.
   *
   * @throws IOException when jlink is missing or fails; with what it said
   */
  static Path link(Path folder) throws IOException, InterruptedException {
    Path jlink = Path.of(System.getProperty("java.home"), "bin", "jlink");
    if (!Files.isExecutable(jlink)) {
      throw new IOException(
          jlink + " is missing: images are built with a JDK, this is a runtime without its tools");
    }
    Command.run(
        List.of(
            jlink.toString(),
            "--add-modules",
            String.join(",", MODULES),
            "--strip-debug",
            "--no-man-pages",
            "--no-header-files",
            // The layer is compressed as a whole; compressing here too would only slow down the
            // start.
            "--compress=zip-0",
            "--output",
            folder.toString()));
    return folder;
  }
}
