package dev.tandem.standin.flags;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object of the command line read key by key; keys nobody may give and values of the wrong
 * type are errors that name the flag, the key and what is accepted.
 */
public final class StrictObject {
  private final String flag;
  private final ObjectNode object;

  /**
   * @throws UsageError when the object has other keys than these
   */
  public StrictObject(String flag, ObjectNode object, Set<String> accepted) {
    this.flag = flag;
    this.object = object;
    List<String> unknown = new ArrayList<>();
    object.fieldNames().forEachRemaining(unknown::add);
    unknown.removeAll(accepted);
    if (!unknown.isEmpty()) {
      throw new UsageError(
          "argument "
              + flag
              + ": unknown key "
              + String.join(", ", unknown)
              + ", accepted: "
              + String.join(", ", new TreeSet<>(accepted)));
    }
  }

  /** The text, or null when absent or null. */
  public @Nullable String text(String key) {
    JsonNode value = object.get(key);
    if (value == null || value.isNull()) {
      return null;
    }
    if (!value.isTextual()) {
      throw wrong(key, value, "a string");
    }
    return value.textValue();
  }

  /** The text, which must be one of these. */
  public String choice(String key, String otherwise, Set<String> accepted) {
    String value = text(key);
    if (value == null) {
      return otherwise;
    }
    if (!accepted.contains(value)) {
      throw new UsageError(
          "argument "
              + flag
              + ": "
              + key
              + " is '"
              + value
              + "', accepted: "
              + String.join(", ", new TreeSet<>(accepted)));
    }
    return value;
  }

  /** The whole number, at least {@code least}. */
  public int integer(String key, int otherwise, int least) {
    JsonNode value = object.get(key);
    if (value == null || value.isNull()) {
      return otherwise;
    }
    if (!value.canConvertToInt() || !value.isIntegralNumber() || value.intValue() < least) {
      throw wrong(key, value, "a whole number, " + least + " or more");
    }
    return value.intValue();
  }

  /** The decimal number, above zero. */
  public double positive(String key, double otherwise) {
    JsonNode value = object.get(key);
    if (value == null || value.isNull()) {
      return otherwise;
    }
    if (!value.isNumber() || !(value.doubleValue() > 0)) {
      throw wrong(key, value, "a number above 0");
    }
    return value.doubleValue();
  }

  /** The boolean. */
  public boolean flag(String key, boolean otherwise) {
    JsonNode value = object.get(key);
    if (value == null || value.isNull()) {
      return otherwise;
    }
    if (!value.isBoolean()) {
      throw wrong(key, value, "true or false");
    }
    return value.booleanValue();
  }

  /** The object below a key, empty when absent. */
  public ObjectNode object(String key) {
    JsonNode value = object.get(key);
    if (value == null || value.isNull()) {
      return object.objectNode();
    }
    if (!(value instanceof ObjectNode child)) {
      throw wrong(key, value, "an object");
    }
    return child;
  }

  private UsageError wrong(String key, JsonNode value, String accepted) {
    return new UsageError(
        "argument " + flag + ": " + key + " is " + value + ", accepted: " + accepted);
  }
}
