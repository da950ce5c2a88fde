package dev.tandem.topology.facts;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A file that is read again when its time, size or identity changes: a mounted ConfigMap changes by
 * a symbolic link that is swapped, which no watch on the file would see. One thread.
 */
public final class ChangingFile {
  private final Path file;
  private @Nullable List<@Nullable Object> seen;

  public ChangingFile(Path file) {
    this.file = file;
  }

  /**
   * The file's text if it changed since the last call, or at the first; else null.
   *
   * @throws IOException if it cannot be read, {@code path: cause}; the next call tries again
   * @throws IllegalArgumentException if it is too large, or not UTF-8
   */
  public @Nullable String changed() throws IOException {
    try {
      return read();
    } catch (IOException e) {
      throw Unreadable.of(file, e);
    }
  }

  private @Nullable String read() throws IOException {
    BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
    List<@Nullable Object> now =
        new ArrayList<>(
            Arrays.<@Nullable Object>asList(
                attributes.lastModifiedTime(), attributes.size(), attributes.fileKey()));
    if (now.equals(seen)) {
      return null;
    }
    if (attributes.size() > TopologyFile.MAX_BYTES) {
      seen = now;
      throw new IllegalArgumentException(
          "%s: %d bytes; accepted: at most %d"
              .formatted(file, attributes.size(), TopologyFile.MAX_BYTES));
    }
    try {
      String text = Files.readString(file);
      seen = now;
      return text;
    } catch (CharacterCodingException e) {
      seen = now;
      throw new IllegalArgumentException(file + ": not UTF-8 text", e);
    }
  }
}
