package dev.tandem.router.request;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Reads the body of {@code /v1/chat/completions} and {@code /v1/completions}. Stateless. */
public final class RequestParser {

  private static final String TRANSFER_PARAMS = "kv_transfer_params";

  /** Key by which a picker hands over the prompt's token ids; no engine knows it. */
  public static final String TOKENS = "tokens";

  private RequestParser() {}

  /** What reading a body gave. */
  public sealed interface Parsed {
    record Valid(InferenceRequest request) implements Parsed {}

    record Invalid(ApiError error) implements Parsed {}
  }

  /**
   * Reads a client's body. Unknown fields are kept; whether they are right is the engine's to say.
   */
  public static Parsed parse(byte[] body) {
    return parse(body, false);
  }

  /**
   * Reads a whole body.
   *
   * @param picker whether it comes from a picker that is trusted: then its {@value #TOKENS} stand
   *     for the prompt, and are not sent on
   */
  public static Parsed parse(byte[] body, boolean picker) {
    JsonNode tree;
    try {
      tree = Json.read(body);
    } catch (IOException e) {
      return new Parsed.Invalid(ApiError.badRequest("the body is not JSON: " + firstLine(e)));
    }
    if (!(tree instanceof ObjectNode json)) {
      return new Parsed.Invalid(
          ApiError.badRequest("the body is not a JSON object but " + tree.getNodeType()));
    }
    Prompt given = picker ? Prompt.ofTokens(json.path(TOKENS)) : null;
    Prompt prompt = given == null ? Prompt.of(json) : given;
    boolean changed = json.remove(TRANSFER_PARAMS) != null;
    changed |= picker && json.remove(TOKENS) != null;
    return new Parsed.Valid(
        new InferenceRequest(
            json.path("model").asText(""),
            prompt.text(),
            prompt.tokens(),
            prompt.length(),
            json.path("stream").asBoolean(false),
            !prompt.several() && oneSequence(json),
            text(json, "cache_salt"),
            session(json),
            text(json, "user"),
            json.path("priority").asInt(0),
            prompt.oddities(),
            json,
            changed ? Json.bytes(json) : body));
  }

  private static boolean oneSequence(ObjectNode json) {
    return json.path("n").asInt(1) == 1
        && json.path("best_of").asInt(1) == 1
        && !json.path("use_beam_search").asBoolean(false)
        && !json.path("echo").asBoolean(false)
        && !json.hasNonNull("prompt_logprobs");
  }

  private static @Nullable String session(ObjectNode json) {
    String session = text(json, "session_id");
    return session != null ? session : text(json.path("vllm_xargs"), "session_id");
  }

  private static @Nullable String text(JsonNode json, String field) {
    JsonNode value = json.get(field);
    return value == null || !value.isValueNode() || value.isNull() ? null : value.asText();
  }

  private static String firstLine(IOException e) {
    String message = String.valueOf(e.getMessage());
    int end = message.indexOf('\n');
    return end < 0 ? message : message.substring(0, end);
  }
}
