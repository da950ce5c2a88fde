package dev.tandem.extender.wire;

import com.fasterxml.jackson.databind.JsonNode;

/** A JSON value that is not of the type the contract says; never leaves this package. */
final class WrongShape extends Exception {
  private static final long serialVersionUID = 1L;

  WrongShape(String message) {
    super(message);
  }

  static WrongShape of(String key, JsonNode value, String accepted) {
    String text = value.toString();
    String shown = text.length() > 60 ? text.substring(0, 60) + "..." : text;
    return new WrongShape(
        key + " is " + (value.isMissingNode() ? "missing" : shown) + "; accepted: " + accepted);
  }
}
