package dev.tandem.standin.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a request body, read with their types; a wrong type is a 400 that names the field.
 */
record Fields(ObjectNode body) {
  /** The value, null when absent or JSON null. */
  @Nullable JsonNode get(String name) {
    JsonNode value = body.get(name);
    return value == null || value.isNull() ? null : value;
  }

  @Nullable String text(String name) throws RequestError {
    JsonNode value = get(name);
    if (value == null) {
      return null;
    }
    if (!value.isTextual()) {
      throw wrong(name, "a valid string", value);
    }
    return value.textValue();
  }

  boolean flag(String name) throws RequestError {
    JsonNode value = get(name);
    if (value == null) {
      return false;
    }
    if (!value.isBoolean()) {
      throw wrong(name, "a valid boolean", value);
    }
    return value.booleanValue();
  }

  @Nullable Integer integer(String name, int least) throws RequestError {
    JsonNode value = get(name);
    if (value == null) {
      return null;
    }
    if (!value.isIntegralNumber() || !value.canConvertToInt()) {
      throw wrong(name, "a valid integer", value);
    }
    if (value.intValue() < least) {
      throw RequestError.badRequest(
          name + " must be at least " + least + ", got " + value.intValue() + ".", name);
    }
    return value.intValue();
  }

  long longNumber(String name) throws RequestError {
    JsonNode value = get(name);
    if (value == null) {
      return 0;
    }
    if (!value.isIntegralNumber() || !value.canConvertToLong()) {
      throw wrong(name, "a valid integer", value);
    }
    return value.longValue();
  }

  void checkNumber(String name, double least, double most) throws RequestError {
    JsonNode value = get(name);
    if (value == null) {
      return;
    }
    if (!value.isNumber()) {
      throw wrong(name, "a valid number", value);
    }
    if (!(value.doubleValue() >= least && value.doubleValue() <= most)) {
      throw RequestError.badRequest(
          name + " must be in [" + least + ", " + most + "], got " + value + ".", name);
    }
  }

  List<String> texts(String name) throws RequestError {
    JsonNode value = get(name);
    if (value == null) {
      return List.of();
    }
    if (value.isTextual()) {
      return List.of(value.textValue());
    }
    if (!(value instanceof ArrayNode list)) {
      throw wrong(name, "a valid string or list of strings", value);
    }
    List<String> texts = new ArrayList<>();
    for (JsonNode element : list) {
      if (!element.isTextual()) {
        throw wrong(name, "a valid string or list of strings", element);
      }
      texts.add(element.textValue());
    }
    return texts;
  }

  static RequestError wrong(String name, String expected, JsonNode got) {
    String shown = got.toString();
    return new RequestError(
        400,
        "Bad Request",
        name
            + ": Input should be "
            + expected
            + ", got "
            + (shown.length() > 60 ? shown.substring(0, 60) + "..." : shown),
        name);
  }
}
