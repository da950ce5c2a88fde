package dev.tandem.webhook.annotations;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The annotations of one pod by key, typed. What is no such value becomes a problem, once, and
 * reads as absent. One thread.
 */
final class Values {

  /** A label value (they are copied to labels): apimachinery/pkg/util/validation. */
  private static final Pattern LABEL_VALUE =
      Pattern.compile("[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?");

  static final String LABEL_VALUE_FORM =
      "1 to 63 letters, digits, '-', '_' or '.', beginning and ending with a letter or digit";

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private final JsonNode annotations;
  private final List<Problem> problems;

  Values(JsonNode annotations, List<Problem> problems) {
    this.annotations = annotations;
    this.problems = problems;
  }

  boolean has(String key) {
    return annotations.has(key);
  }

  /** Notes what is wrong with the value of this key. */
  void problem(String key, @Nullable String value, String accepted) {
    problems.add(new Problem(key, value == null ? "" : value, accepted));
  }

  /** The text; null where the key is absent. */
  @Nullable String text(String key) {
    JsonNode value = annotations.get(key);
    if (value == null) {
      return null;
    }
    if (!value.isTextual()) {
      problem(key, value.toString(), "accepted is text; put the value in quotes");
      return null;
    }
    return value.textValue();
  }

  /** The text where {@code form} accepts it. */
  @Nullable String text(String key, Pattern form, String accepted) {
    String value = text(key);
    if (value != null && !form.matcher(value).matches()) {
      problem(key, value, "accepted " + accepted);
      return null;
    }
    return value;
  }

  @Nullable String labelValue(String key) {
    return text(key, LABEL_VALUE, "are " + LABEL_VALUE_FORM);
  }

  /** A whole number between two others, these included. */
  @Nullable Long number(String key, long least, long most) {
    String value = text(key);
    if (value == null) {
      return null;
    }
    long number = value.matches("[0-9]{1,18}") ? Long.parseLong(value) : -1;
    if (number < least || number > most) {
      problem(key, value, "accepted are whole numbers from %d to %d".formatted(least, most));
      return null;
    }
    return number;
  }

  @Nullable Integer port(String key) {
    Long port = number(key, 1, 65_535);
    return port == null ? null : port.intValue();
  }

  /** What {@code parse} makes of the text; {@code otherwise} where the key is absent or wrong. */
  <T> T parsed(String key, Function<String, @Nullable T> parse, T otherwise, String accepted) {
    String value = text(key);
    if (value == null) {
      return otherwise;
    }
    T parsed = parse.apply(value);
    if (parsed == null) {
      problem(key, value, accepted);
      return otherwise;
    }
    return parsed;
  }

  /** The text as JSON; null where it is none. */
  static @Nullable JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      return null;
    }
  }
}
