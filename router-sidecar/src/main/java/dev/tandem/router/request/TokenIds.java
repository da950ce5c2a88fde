package dev.tandem.router.request;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * vLLM's {@code POST /tokenize}: what to ask for a request's token ids, and the ids in the answer.
 * Stateless.
 */
public final class TokenIds {

  private static final JsonFactory FACTORY = new JsonFactory();

  // What both an endpoint and /tokenize take, with the same meaning and default.
  private static final List<String> OF_COMPLETION =
      List.of("model", "prompt", "add_special_tokens");
  private static final List<String> OF_CHAT =
      List.of(
          "model",
          "messages",
          "tools",
          "chat_template",
          "chat_template_kwargs",
          "add_generation_prompt",
          "continue_final_message",
          "add_special_tokens");

  // What changes the prompt and /tokenize does not know: its answer would be another prompt's.
  private static final List<String> UNKNOWN_TO_IT =
      List.of("documents", "reasoning_effort", "truncate_prompt_tokens", "mm_processor_kwargs");

  private TokenIds() {}

  /**
   * The body to ask with; null where the ids are known, or where the answer would not be the
   * prompt: several prompts, images and sounds (their tokens are placeholders of a number only the
   * engine's processor knows), and fields {@code /tokenize} does not take.
   */
  public static byte @Nullable [] question(InferenceRequest request) {
    ObjectNode json = request.json();
    if (request.tokens() != null || UNKNOWN_TO_IT.stream().anyMatch(json::hasNonNull)) {
      return null;
    }
    if (json.path("prompt").isTextual()) {
      return Json.bytes(only(json, OF_COMPLETION));
    }
    return json.has("prompt") || !plainChat(json) ? null : Json.bytes(only(json, OF_CHAT));
  }

  private static ObjectNode only(ObjectNode json, List<String> fields) {
    ObjectNode question = JsonNodeFactory.instance.objectNode();
    for (String field : fields) {
      if (json.hasNonNull(field)) {
        question.set(field, json.get(field));
      }
    }
    return question;
  }

  private static boolean plainChat(ObjectNode json) {
    JsonNode messages = json.path("messages");
    // Some versions leave the tools out of the prompt then, /tokenize does not.
    if (!messages.isArray() || json.path("tool_choice").asText().equals("none")) {
      return false;
    }
    for (JsonNode message : messages) {
      for (JsonNode part : message.path("content")) {
        if (!part.path("text").isTextual()) {
          return false;
        }
      }
    }
    return !messages.isEmpty();
  }

  /**
   * The ids of an answer.
   *
   * @throws IOException when it has no list {@code tokens} of numbers from 0 to 4,294,967,295, or
   *     an empty one
   */
  public static int[] answer(byte[] body) throws IOException {
    try (JsonParser in = FACTORY.createParser(body)) {
      if (in.nextToken() != JsonToken.START_OBJECT) {
        throw new IOException("the answer is no object");
      }
      while (in.nextToken() == JsonToken.FIELD_NAME) {
        boolean tokens = in.currentName().equals("tokens");
        in.nextToken();
        if (tokens) {
          return ids(in, body.length);
        }
        in.skipChildren();
      }
    }
    throw new IOException("the answer has no tokens");
  }

  private static int[] ids(JsonParser in, int bytes) throws IOException {
    if (in.currentToken() != JsonToken.START_ARRAY) {
      throw new IOException("tokens is no list");
    }
    int[] ids = new int[Math.min(1024, bytes)];
    int count = 0;
    while (in.nextToken() != JsonToken.END_ARRAY) {
      if (in.currentToken() != JsonToken.VALUE_NUMBER_INT || in.getLongValue() >>> 32 != 0) {
        throw new IOException("token " + count + " is no token id");
      }
      ids = count == ids.length ? Arrays.copyOf(ids, 2 * count) : ids;
      ids[count++] = (int) in.getLongValue();
    }
    if (count == 0) {
      throw new IOException("tokens is empty");
    }
    return Arrays.copyOf(ids, count);
  }
}
