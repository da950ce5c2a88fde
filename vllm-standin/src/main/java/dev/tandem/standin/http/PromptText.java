package dev.tandem.standin.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.standin.tokens.Tokens;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Prompts as token ids. The chat template writes {@code <|role|>content\n} a message, tools before
 * all as {@code <|tools|>JSON\n}, and {@code <|assistant|>} at the end; so a conversation that
 * grows keeps its prefix.
 */
final class PromptText {
  private PromptText() {}

  /** The prompts of a completions request: one, or several when the field is a list of them. */
  static List<int[]> completion(Fields fields) throws RequestError {
    if (fields.get("prompt_embeds") != null) {
      throw RequestError.badRequest(
          "You must set `--enable-prompt-embeds` to input `prompt_embeds`.", "prompt_embeds");
    }
    JsonNode prompt = fields.get("prompt");
    if (prompt == null) {
      throw RequestError.badRequest(
          "Either prompt or prompt_embeds must be provided and non-empty.", "prompt");
    }
    if (prompt.isTextual()) {
      return List.of(notEmpty(Tokens.of(prompt.textValue())));
    }
    if (!(prompt instanceof ArrayNode list) || list.isEmpty()) {
      throw Fields.wrong("prompt", "a string, a list of strings or token ids", prompt);
    }
    if (list.get(0).isIntegralNumber()) {
      return List.of(notEmpty(ids("prompt", list)));
    }
    List<int[]> prompts = new ArrayList<>(list.size());
    for (JsonNode element : list) {
      if (element.isTextual()) {
        prompts.add(notEmpty(Tokens.of(element.textValue())));
      } else if (element instanceof ArrayNode ids) {
        prompts.add(notEmpty(ids("prompt", ids)));
      } else {
        throw Fields.wrong("prompt", "a string, a list of strings or token ids", element);
      }
    }
    return prompts;
  }

  /** The prompt of a chat request. */
  static int[] chat(Fields fields) throws RequestError {
    if (!(fields.get("messages") instanceof ArrayNode messages)) {
      throw new RequestError(400, "Bad Request", "messages: Field required, a list", "messages");
    }
    if (messages.isEmpty()) {
      throw RequestError.badRequest("messages must not be empty", "messages");
    }
    JsonNode ready = fields.body().path("kv_transfer_params").path("prompt_token_ids");
    if (ready instanceof ArrayNode ids && !ids.isEmpty()) {
      return ids("kv_transfer_params.prompt_token_ids", ids);
    }
    StringBuilder text = new StringBuilder();
    JsonNode tools = fields.get("tools");
    if (tools != null) {
      if (!tools.isArray()) {
        throw Fields.wrong("tools", "a valid list", tools);
      }
      text.append("<|tools|>").append(tools).append('\n');
    }
    for (JsonNode message : messages) {
      append(text, message);
    }
    return Tokens.of(text.append("<|assistant|>").toString());
  }

  /** Token ids from a JSON list; each an unsigned 32-bit number. */
  static int[] ids(String name, ArrayNode list) throws RequestError {
    int[] ids = new int[list.size()];
    for (int i = 0; i < ids.length; i++) {
      JsonNode id = list.get(i);
      if (!id.isIntegralNumber() || !id.canConvertToLong() || id.longValue() >>> 32 != 0) {
        throw Fields.wrong(name, "a list of token ids from 0 to 4294967295", id);
      }
      ids[i] = (int) id.longValue();
    }
    return ids;
  }

  private static int[] notEmpty(int[] tokens) throws RequestError {
    if (tokens.length == 0) {
      throw RequestError.badRequest("The decoder prompt cannot be empty", "prompt");
    }
    return tokens;
  }

  private static void append(StringBuilder text, JsonNode message) throws RequestError {
    if (!(message instanceof ObjectNode object) || !object.path("role").isTextual()) {
      throw Fields.wrong("messages", "a list of objects with a role", message);
    }
    text.append("<|").append(object.path("role").textValue()).append("|>");
    content(text, object.get("content"));
    JsonNode calls = object.get("tool_calls");
    if (calls != null && !calls.isNull()) {
      text.append(calls);
    }
    text.append('\n');
  }

  private static void content(StringBuilder text, @Nullable JsonNode content) throws RequestError {
    if (content == null || content.isNull()) {
      return;
    }
    if (content.isTextual()) {
      text.append(content.textValue());
      return;
    }
    if (!(content instanceof ArrayNode parts)) {
      throw Fields.wrong("messages.content", "a valid string or list of parts", content);
    }
    for (JsonNode part : parts) {
      if (!part.path("type").asText("").equals("text") || !part.path("text").isTextual()) {
        throw RequestError.badRequest(
            "the model takes parts of type text only, got " + part.path("type").asText("none"),
            "messages.content");
      }
      text.append(part.path("text").textValue());
    }
  }
}
