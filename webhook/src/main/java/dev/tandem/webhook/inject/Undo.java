package dev.tandem.webhook.inject;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.zip.CRC32;

/**
 * The steps that take an injection back, in their order. Every pod carries them, so they are short:
 * steps in the same place say it once.
 *
 * <pre>[["/spec", ["schedulerName", "tandem"]],
 *  ["/spec/containers/0", ["env", "[8]"], ["args", "#ce5de986", ["--model", "m"]]],
 *  ["/spec/containers/0/ports", ["0", null, {"containerPort": 8000}]]]</pre>
 *
 * A place is a JSON Pointer (RFC 6901), and a step a member or an index in it: what stands there,
 * in short, or null where something is to be put in; then what is to stand there, or nothing where
 * it is to go. A step names a place in a list; where somebody has put something in since, another
 * thing would stand there.
 */
final class Undo {

  /** Longer values are told apart by a checksum. */
  private static final int SHOWN_CHARACTERS = 16;

  private Undo() {}

  /** What turns {@code after} into {@code before}. */
  static ArrayNode between(JsonNode after, JsonNode before) {
    ArrayNode places = JsonNodeFactory.instance.arrayNode();
    ArrayNode place = places;
    JsonNode tree = after.deepCopy();
    for (JsonNode operation : JsonPatch.between(after, before)) {
      String path = operation.path("path").asText();
      String where = path.substring(0, path.lastIndexOf('/'));
      if (!where.equals(place.path(0).textValue())) {
        place = places.addArray().add(where);
      }
      ArrayNode step = place.addArray().add(path.substring(where.length() + 1));
      step.add(operation.path("op").asText().equals("add") ? null : brief(tree.at(path)));
      if (operation.has("value")) {
        step.add(operation.get("value"));
      }
      JsonPatch.apply(operation, tree);
    }
    return places;
  }

  /**
   * Does all steps to a tree.
   *
   * @throws IllegalArgumentException where one does not fit it; the message says where
   */
  static void apply(JsonNode places, JsonNode tree) {
    for (JsonNode place : places) {
      if (!place.isArray() || place.size() < 2) {
        throw new IllegalArgumentException("%s names no place and step".formatted(place));
      }
      for (int i = 1; i < place.size(); i++) {
        apply(place.path(0).asText() + "/" + place.get(i).path(0).asText(), place.get(i), tree);
      }
    }
  }

  private static void apply(String path, JsonNode step, JsonNode tree) {
    JsonNode was = step.path(1);
    if (step.size() < (was.isNull() ? 3 : 2)) {
      throw new IllegalArgumentException("what is to be done to %s is not said".formatted(path));
    }
    if (!was.isNull() && !was.asText().equals(brief(tree.at(path)))) {
      throw new IllegalArgumentException("%s is no longer %s".formatted(path, was.asText()));
    }
    ObjectNode operation = JsonNodeFactory.instance.objectNode().put("path", path);
    if (step.has(2)) {
      operation.put("op", was.isNull() ? "add" : "replace").set("value", step.get(2));
    } else {
      operation.put("op", "remove");
    }
    JsonPatch.apply(operation, tree);
  }

  /** What tells this value from its neighbours, and shows whether something was added to it. */
  private static String brief(JsonNode value) {
    boolean words = value.path(0).isValueNode();
    if (value.isContainerNode() && !words && !value.path("name").isTextual()) {
      return value.isArray() ? "[" + value.size() + "]" : "{" + value.size() + "}";
    }
    String text =
        words ? value.toString() : value.isObject() ? value.path("name").asText() : value.asText();
    if (text.length() <= SHOWN_CHARACTERS) {
      return text;
    }
    CRC32 crc = new CRC32();
    crc.update(text.getBytes(StandardCharsets.UTF_8));
    return "#" + HexFormat.of().toHexDigits(crc.getValue(), 8);
  }
}
