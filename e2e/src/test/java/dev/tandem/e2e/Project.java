package dev.tandem.e2e;

import java.nio.file.Files;
import java.nio.file.Path;

/** The source tree the tests run in. */
final class Project {
  private Project() {}

  static Path root() {
    for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
      if (Files.isDirectory(folder.resolve("e2e/control-plane"))) {
        return folder;
      }
    }
    throw new IllegalStateException(
        Path.of("").toAbsolutePath() + " is not inside the source tree");
  }
}
