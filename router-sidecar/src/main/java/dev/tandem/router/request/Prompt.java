package dev.tandem.router.request;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The prompt of a request, whatever its form: text, token ids, several of either, or a
 * conversation. What is none of these is passed over and named, since whether it is right is the
 * engine's to say. Immutable.
 *
 * @param text rendered to UTF-8; empty where token ids are known
 * @param tokens token ids, or null
 * @param length tokens over all prompts, at least 1
 * @param several whether there may be more than one sequence
 * @param oddities what was passed over
 */
record Prompt(
    byte[] text, int @Nullable [] tokens, long length, boolean several, List<String> oddities) {

  private static final byte[] NO_TEXT = {};

  static Prompt of(ObjectNode json) {
    JsonNode prompt = json.path("prompt");
    if (prompt.isTextual()) {
      return text(prompt.textValue().getBytes(StandardCharsets.UTF_8), false, List.of());
    } else if (prompt.isArray() && !prompt.isEmpty()) {
      return list(prompt);
    } else if (json.path("messages").isArray()) {
      List<String> oddities = new ArrayList<>();
      return text(PromptText.conversation(json, oddities), false, oddities);
    } else if (json.hasNonNull("prompt_embeds")) {
      return text(PromptText.embeds(json.path("prompt_embeds")), false, List.of());
    } else if (prompt.isArray()) {
      return text(NO_TEXT, true, List.of("empty_prompt"));
    }
    return text(NO_TEXT, false, List.of(prompt.isMissingNode() ? "no_prompt" : "prompt_type"));
  }

  /** These token ids in place of whatever the prompt is; null where they are none. */
  static @Nullable Prompt ofTokens(JsonNode ids) {
    int[] tokens = tokens(ids);
    return tokens == null || tokens.length == 0
        ? null
        : new Prompt(NO_TEXT, tokens, tokens.length, false, List.of());
  }

  private static Prompt text(byte[] text, boolean several, List<String> oddities) {
    return new Prompt(text, null, Math.max(1, estimate(text.length)), several, oddities);
  }

  private static Prompt list(JsonNode prompt) {
    int[] single = prompt.path(0).isIntegralNumber() ? tokens(prompt) : null;
    if (single != null) {
      return new Prompt(NO_TEXT, single, single.length, false, List.of());
    }
    List<String> oddities = new ArrayList<>();
    Prompt first = null;
    long length = 0;
    for (JsonNode each : prompt) {
      Prompt one = one(each);
      if (one == null) {
        oddities.add("prompt_type");
      } else {
        first = first == null ? one : first;
        length += one.length();
      }
    }
    return first == null
        ? text(NO_TEXT, true, oddities)
        : new Prompt(first.text(), first.tokens(), Math.max(1, length), true, oddities);
  }

  private static @Nullable Prompt one(JsonNode prompt) {
    if (prompt.isTextual()) {
      return text(prompt.textValue().getBytes(StandardCharsets.UTF_8), true, List.of());
    }
    int[] ids = prompt.isArray() ? tokens(prompt) : null;
    return ids == null ? null : new Prompt(NO_TEXT, ids, Math.max(1, ids.length), true, List.of());
  }

  /** Null where one of them is no token id. */
  private static int @Nullable [] tokens(JsonNode list) {
    if (!list.isArray()) {
      return null;
    }
    int[] tokens = new int[list.size()];
    int i = 0;
    for (JsonNode id : list) {
      if (!id.isInt() || id.intValue() < 0) {
        return null;
      }
      tokens[i++] = id.intValue();
    }
    return tokens;
  }

  private static long estimate(int bytes) {
    return ((long) bytes + InferenceRequest.BYTES_PER_TOKEN - 1) / InferenceRequest.BYTES_PER_TOKEN;
  }
}
