package dev.tandem.extender.record;

/** A line that is none of ours; never leaves this package. */
final class DamagedLine extends Exception {
  private static final long serialVersionUID = 1L;

  DamagedLine(String message) {
    super(message);
  }

  DamagedLine(String message, Throwable cause) {
    super(message, cause);
  }
}
