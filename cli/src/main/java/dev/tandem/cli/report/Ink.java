package dev.tandem.cli.report;

/** Colour for a terminal; nothing where the text goes to a file. */
public enum Ink {
  /** ANSI escapes. */
  COLOUR,
  /** Plain text. */
  NONE;

  String bold(String text) {
    return wrap("1", text);
  }

  String dim(String text) {
    return wrap("2", text);
  }

  String good(String text) {
    return wrap("32", text);
  }

  String bad(String text) {
    return wrap("31", text);
  }

  private String wrap(String code, String text) {
    return switch (this) {
      case COLOUR -> "\u001b[" + code + "m" + text + "\u001b[0m";
      case NONE -> text;
    };
  }
}
