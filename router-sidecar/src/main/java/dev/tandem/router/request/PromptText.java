package dev.tandem.router.request;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tandem.router.prefix.Content;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;

/**
 * Renders a conversation to bytes such that equal beginnings of conversations give equal beginnings
 * of bytes. It is no chat template: engines render their own; only prefixes must agree. Stateless.
 */
final class PromptText {

  /**
   * Tokens an image, a sound or a video is taken to have. Models differ from about 64 to some
   * thousands, by its size; this is what counts, not the bytes it came in.
   */
  static final int CONTENT_TOKENS = 256;

  private PromptText() {}

  /** The tools and messages of a chat, in order. */
  static byte[] conversation(JsonNode json, List<String> oddities) {
    Text text = new Text();
    // Chat templates put the tools in front of the conversation.
    if (json.path("tools").isArray() && !json.path("tools").isEmpty()) {
      text.add(json.path("tools").toString());
    }
    for (JsonNode message : json.path("messages")) {
      message(message, text, oddities);
    }
    return text.bytes.toByteArray();
  }

  /** Embeddings in place of a prompt are one content. */
  static byte[] embeds(JsonNode embeds) {
    Text text = new Text();
    content("prompt_embeds", embeds, text);
    return text.bytes.toByteArray();
  }

  private static void message(JsonNode message, Text text, List<String> oddities) {
    if (!message.isObject()) {
      oddities.add("message_type");
      return;
    }
    text.add(message.path("role").asText(""));
    text.add("\n");
    JsonNode content = message.path("content");
    if (content.isTextual()) {
      text.add(content.textValue());
    } else if (content.isArray()) {
      for (JsonNode part : content) {
        part(part, text, oddities);
      }
    } else if (!content.isNull() && !content.isMissingNode()) {
      oddities.add("content_type");
    }
    if (message.hasNonNull("tool_calls")) {
      text.add(message.path("tool_calls").toString());
    }
    text.add("\n");
  }

  private static void part(JsonNode part, Text text, List<String> oddities) {
    if (part.path("text").isTextual()) {
      text.add(part.path("text").textValue());
    } else if (part.isTextual()) {
      text.add(part.textValue());
    } else if (part.isObject()) {
      content(part.path("type").asText(""), part, text);
    } else {
      oddities.add("part_type");
    }
  }

  /**
   * What is no text takes a fixed number of tokens that name its hash: of the identifier the caller
   * gave it, which is what vLLM caches it by, else of its bytes or address.
   */
  private static void content(String type, JsonNode content, Text text) {
    JsonNode uuid = content.path("uuid");
    long hash = Content.hash(uuid.isTextual() ? uuid.textValue() : content.toString());
    byte[] name =
        (type + ":" + HexFormat.of().toHexDigits(hash) + "\n").getBytes(StandardCharsets.UTF_8);
    byte[] filled = new byte[CONTENT_TOKENS * InferenceRequest.BYTES_PER_TOKEN];
    for (int i = 0; i < filled.length; i++) {
      filled[i] = name[i % name.length]; // repeated, so that every block of it is told apart
    }
    text.bytes.writeBytes(filled);
  }

  private static final class Text {
    final ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);

    void add(String part) {
      bytes.writeBytes(part.getBytes(StandardCharsets.UTF_8));
    }
  }
}
