package dev.tandem.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** A file of manifests, or what comes in on stdin. */
final class ManifestFile {

  /** Far above any manifest; a wrong file is refused before it fills the memory. */
  private static final int MOST_BYTES = 64 << 20;

  private ManifestFile() {}

  /**
   * The whole text.
   *
   * @param file a path, or {@code -} for stdin
   * @throws IOException where it cannot be read or is larger than 64 MiB
   */
  static String read(String file) throws IOException {
    try (InputStream stream = file.equals("-") ? System.in : Files.newInputStream(Path.of(file))) {
      byte[] bytes = stream.readNBytes(MOST_BYTES + 1);
      if (bytes.length > MOST_BYTES) {
        throw new IOException("accepted are at most %d bytes".formatted(MOST_BYTES));
      }
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }

  static String reason(Exception e) {
    return e instanceof NoSuchFileException ? "no such file" : String.valueOf(e.getMessage());
  }
}
