package dev.tandem.topology.imports;

/** A text that cannot be imported at all; the message names file, line where known, and value. */
public final class ImportRefused extends RuntimeException {
  private static final long serialVersionUID = 1;

  ImportRefused(String message) {
    super(message);
  }

  ImportRefused(String message, Throwable cause) {
    super(message, cause);
  }
}
