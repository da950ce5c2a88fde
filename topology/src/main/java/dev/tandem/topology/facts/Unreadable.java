package dev.tandem.topology.facts;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Why a file cannot be read, in words: the file system's own exceptions often name the path alone.
 */
final class Unreadable {
  private Unreadable() {}

  /** An exception with the message {@code path: cause}. */
  static IOException of(Path file, IOException e) {
    String cause =
        switch (e) {
          case NoSuchFileException _ -> "no such file";
          case AccessDeniedException _ -> "permission denied";
          default -> String.valueOf(e.getMessage());
        };
    return new IOException(file + ": " + cause, e);
  }
}
