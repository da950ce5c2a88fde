package dev.tandem.extender.certificates;

/** Files that are there and are not what TLS needs; the message names the file and what is. */
public final class BadMaterialException extends Exception {
  private static final long serialVersionUID = 1;

  BadMaterialException(String message) {
    super(message);
  }

  BadMaterialException(String message, Throwable cause) {
    super(message, cause);
  }
}
