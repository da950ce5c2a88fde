package dev.tandem.webhook.inject;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.zip.CRC32;

/**
 * The operations that take an injection back: RFC 6902, and with what they take away or replace, in
 * short, in a member {@code was} of our own, which other readers ignore. Operations name places in
 * lists; where somebody has put something in since, another thing would stand there.
 */
final class Undo {

  private static final String WAS = "was";

  /** Longer values are told apart by a checksum. */
  private static final int SHOWN_CHARACTERS = 16;

  private Undo() {}

  /** What turns {@code after} into {@code before}. */
  static ArrayNode between(JsonNode after, JsonNode before) {
    ArrayNode operations = JsonPatch.between(after, before);
    JsonNode tree = after.deepCopy();
    for (JsonNode operation : operations) {
      if (!operation.path("op").asText().equals("add")) {
        ((ObjectNode) operation).put(WAS, brief(tree.at(operation.path("path").asText())));
      }
      JsonPatch.apply(operation, tree);
    }
    return operations;
  }

  /**
   * Does all operations to a tree.
   *
   * @throws IllegalArgumentException where one does not fit it; the message says where
   */
  static void apply(JsonNode operations, JsonNode tree) {
    for (JsonNode operation : operations) {
      String path = operation.path("path").asText();
      String was = operation.path(WAS).asText(null);
      if (was != null && (!path.startsWith("/") || !was.equals(brief(tree.at(path))))) {
        throw new IllegalArgumentException("%s is no longer %s".formatted(path, was));
      }
      JsonPatch.apply(operation, tree);
    }
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
