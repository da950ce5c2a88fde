package dev.tandem.router.request;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Reads the body of {@code /v1/chat/completions} and {@code /v1/completions}. Stateless. */
public final class RequestParser {

  private static final String TRANSFER_PARAMS = "kv_transfer_params";

  private RequestParser() {}

  /** What reading a body gave. */
  public sealed interface Parsed {
    record Valid(InferenceRequest request) implements Parsed {}

    record Invalid(ApiError error) implements Parsed {}
  }

  /** Reads a whole body. Unknown fields are kept; whether they are right is the engine's to say. */
  public static Parsed parse(byte[] body) {
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
    byte[] forwarded = body;
    if (json.has(TRANSFER_PARAMS)) {
      json.remove(TRANSFER_PARAMS);
      forwarded = Json.bytes(json);
    }
    return new Parsed.Valid(
        new InferenceRequest(
            json.path("model").asText(""),
            PromptText.render(json),
            json.path("stream").asBoolean(false),
            splittable(json),
            text(json, "cache_salt"),
            json,
            forwarded));
  }

  private static boolean splittable(ObjectNode json) {
    boolean promptList =
        json.path("prompt").isArray()
            && (!json.path("prompt").path(0).isIntegralNumber() || json.path("prompt").isEmpty());
    return !promptList
        && json.path("n").asInt(1) == 1
        && json.path("best_of").asInt(1) == 1
        && !json.path("use_beam_search").asBoolean(false)
        && !json.path("echo").asBoolean(false)
        && !json.hasNonNull("prompt_logprobs");
  }

  private static @Nullable String text(ObjectNode json, String field) {
    JsonNode value = json.get(field);
    return value == null || value.isNull() ? null : value.asText();
  }

  private static String firstLine(IOException e) {
    String message = String.valueOf(e.getMessage());
    int end = message.indexOf('\n');
    return end < 0 ? message : message.substring(0, end);
  }
}
