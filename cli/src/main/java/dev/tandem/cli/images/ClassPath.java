package dev.tandem.cli.images;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The jars one module runs on, as its build wrote them down ({@code target/classpath}).
 *
 * @param own jars of this project, the module's first
 * @param others jars of libraries
 */
record ClassPath(List<Path> own, List<Path> others) {

  ClassPath {
    own = List.copyOf(own);
    others = List.copyOf(others);
  }

  /**
   * Reads the class path of a module of the checkout at {@code home}.
   *
   * @throws IOException when the module has not been packaged
   */
  static ClassPath of(Path home, String module) throws IOException {
    Path target = home.resolve(module).resolve("target");
    Path written = target.resolve("classpath");
    if (!Files.exists(written)) {
      throw new IOException(
          written + " is missing: run './mvnw -pl cli -am -DskipTests package' first");
    }
    List<Path> own = new ArrayList<>(List.of(jarOf(target, module)));
    List<Path> others = new ArrayList<>();
    for (String entry : Files.readString(written).strip().split(File.pathSeparator, -1)) {
      Path jar = Path.of(entry);
      if (!Files.isRegularFile(jar)) {
        throw new IOException(
            "class path of " + module + " has " + jar + ", which is no jar: package it first");
      }
      (jar.toAbsolutePath().startsWith(home.toAbsolutePath()) ? own : others).add(jar);
    }
    return new ClassPath(own, others);
  }

  /** The same without signatures; what is copied for that is in {@code folder}. */
  ClassPath unsigned(Path folder) throws IOException {
    List<Path> jars = new ArrayList<>();
    for (Path jar : others) {
      jars.add(SignedJar.unsigned(jar, folder));
    }
    return new ClassPath(own, jars);
  }

  private static Path jarOf(Path target, String module) throws IOException {
    try (Stream<Path> files = Files.list(target)) {
      return files
          .filter(file -> file.getFileName().toString().matches(module + "-[0-9].*\\.jar"))
          .filter(
              file -> !file.getFileName().toString().matches(".*-(sources|javadoc|tests)\\.jar"))
          .findFirst()
          .orElseThrow(() -> new IOException("no jar of module " + module + " in " + target));
    }
  }
}
