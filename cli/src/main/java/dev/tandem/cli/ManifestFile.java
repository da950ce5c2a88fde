package dev.tandem.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** A file of manifests, or what comes in on stdin. */
final class ManifestFile {

  /** Far above any manifest; a wrong file is refused before it fills the memory. */
  private static final int MOST_BYTES = 64 << 20;

  private static final String BYTE_ORDER_MARK = "\uFEFF";

  private ManifestFile() {}

  /**
   * The whole text.
   *
   * @param file a path, or {@code -} for stdin
   * @throws IOException where it cannot be read, is no UTF-8 or is larger than 64 MiB
   */
  static String read(String file) throws IOException {
    try (InputStream stream = file.equals("-") ? System.in : Files.newInputStream(Path.of(file))) {
      byte[] bytes = stream.readNBytes(MOST_BYTES + 1);
      if (bytes.length > MOST_BYTES) {
        throw new IOException("accepted are at most %d bytes".formatted(MOST_BYTES));
      }
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
    }
  }

  static String reason(Exception e) {
    return switch (e) {
      case NoSuchFileException _ -> "no such file";
      case CharacterCodingException _ -> "accepted is text in UTF-8";
      default -> String.valueOf(e.getMessage());
    };
  }
}
