package dev.tandem.standin.flags;

/** A command line vLLM would refuse. The message is one line, ready for the user. */
public final class UsageError extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** An error with its message. */
  public UsageError(String message) {
    super(message);
  }
}
