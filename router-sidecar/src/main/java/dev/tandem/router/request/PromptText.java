package dev.tandem.router.request;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Renders a prompt to bytes such that equal beginnings of conversations give equal beginnings of
 * bytes. It is no chat template: engines render their own; only prefixes must agree. Stateless.
 */
final class PromptText {

  private PromptText() {}

  /** The prompt of a completion, or the tools and messages of a chat, in order. */
  static byte[] render(JsonNode json) {
    JsonNode prompt = json.path("prompt");
    if (prompt.isTextual()) {
      return prompt.textValue().getBytes(StandardCharsets.UTF_8);
    }
    Text text = new Text();
    if (!prompt.isMissingNode()) {
      prompt(prompt, text);
    }
    // Chat templates put the tools in front of the conversation.
    if (json.path("tools").isArray() && !json.path("tools").isEmpty()) {
      text.add(json.path("tools").toString());
    }
    for (JsonNode message : json.path("messages")) {
      message(message, text);
    }
    return text.bytes.toByteArray();
  }

  /** Token ids take four bytes each, so that a block is 64 of them. */
  private static void prompt(JsonNode prompt, Text text) {
    if (prompt.isIntegralNumber()) {
      int id = prompt.intValue();
      text.bytes.write(id);
      text.bytes.write(id >>> 8);
      text.bytes.write(id >>> 16);
      text.bytes.write(id >>> 24);
    } else if (prompt.isTextual()) {
      text.add(prompt.textValue());
    } else {
      for (JsonNode item : prompt) {
        prompt(item, text);
      }
    }
  }

  private static void message(JsonNode message, Text text) {
    text.add(message.path("role").asText(""));
    text.add("\n");
    JsonNode content = message.path("content");
    if (content.isTextual()) {
      text.add(content.textValue());
    } else {
      for (JsonNode part : content) {
        // Images and audio count by what names them; their pixels are the engine's matter.
        text.add(part.path("text").isTextual() ? part.path("text").textValue() : part.toString());
      }
    }
    if (message.hasNonNull("tool_calls")) {
      text.add(message.path("tool_calls").toString());
    }
    text.add("\n");
  }

  private static final class Text {
    final ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);

    void add(String part) {
      bytes.writeBytes(part.getBytes(StandardCharsets.UTF_8));
    }
  }
}
