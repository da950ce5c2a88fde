package dev.tandem.webhook.annotations;

/** Text of a user's as it may stand in a warning: one line, and short. */
final class Shown {

  private Shown() {}

  static String brief(String text, int characters) {
    return cut(text.replaceAll("\\p{Cntrl}", "?"), characters);
  }

  /** At most so many characters, none of them halved. */
  static String cut(String text, int characters) {
    return text.codePointCount(0, text.length()) > characters
        ? text.substring(0, text.offsetByCodePoints(0, characters)) + "..."
        : text;
  }
}
