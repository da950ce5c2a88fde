package dev.tandem.webhook.annotations;

/** Text of a user's as it may stand in a warning: one line, and short. */
final class Shown {

  private Shown() {}

  static String brief(String text, int characters) {
    String plain = text.replaceAll("\\p{Cntrl}", "?");
    return plain.length() <= characters ? plain : plain.substring(0, characters) + "...";
  }
}
