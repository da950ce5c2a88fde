package dev.tandem.webhook.annotations;

/**
 * One thing in a pod that its author has to change before it can be injected.
 *
 * @param key the annotation, label or field at fault
 * @param value what it says now, as found; shown cut to 80 characters and with control characters
 *     escaped
 * @param accepted what would be accepted instead and what to do next, in words
 */
public record Problem(String key, String value, String accepted) {

  private static final int SHOWN_CHARACTERS = 80;

  public Problem {
    if (key.isEmpty()) {
      throw new IllegalArgumentException("a problem names the key it is about");
    }
  }

  /** One line for a person: key, value, what is accepted. */
  public String message() {
    return "%s: \"%s\": %s".formatted(key, shown(value), accepted);
  }

  private static String shown(String value) {
    StringBuilder text = new StringBuilder();
    value
        .codePoints()
        .limit(SHOWN_CHARACTERS)
        .forEach(c -> {
          if (Character.isISOControl(c)) {
            text.append("\\u%04x".formatted(c));
          } else {
            text.appendCodePoint(c);
          }
        });
    if (value.codePointCount(0, value.length()) > SHOWN_CHARACTERS) {
      text.append("...");
    }
    return text.toString();
  }
}
