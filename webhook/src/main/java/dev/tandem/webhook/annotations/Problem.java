package dev.tandem.webhook.annotations;

/**
 * One thing in a pod that its author has to change before it can be injected.
 *
 * @param key the annotation, label or field at fault
 * @param value what it says now, as found; shown cut to 80 characters
 * @param accepted what would be accepted instead and what to do next, in words
 */
public record Problem(String key, String value, String accepted) {

  private static final int SHOWN_CHARACTERS = 80;

  /** Advice may quote a part of a value, which may be of any length. */
  private static final int MESSAGE_CHARACTERS = 1_000;

  public Problem {
    if (key.isEmpty()) {
      throw new IllegalArgumentException("a problem names the key it is about");
    }
  }

  /** One line for a person: key, value, what is accepted; control characters are escaped. */
  public String message() {
    return escaped(
        Shown.cut(
            "%s: \"%s\": %s".formatted(key, Shown.cut(value, SHOWN_CHARACTERS), accepted),
            MESSAGE_CHARACTERS));
  }

  /** A terminal shows it: names of containers come into keys, parts of values into the advice. */
  private static String escaped(String text) {
    StringBuilder escaped = new StringBuilder();
    text.codePoints()
        .forEach(c -> {
          if (Character.isISOControl(c)) {
            escaped.append("\\u%04x".formatted(c));
          } else {
            escaped.appendCodePoint(c);
          }
        });
    return escaped.toString();
  }
}
