package dev.tandem.simulator.routing.trace;

/** A file that is no trace; the message names file, line, key and what is accepted. */
public final class BadTrace extends Exception {
  private static final long serialVersionUID = 1;

  BadTrace(String message) {
    super(message);
  }
}
