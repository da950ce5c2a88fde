package dev.tandem.standin.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** vLLM's error body: {@code {"error": {message, type, param, code}}}. */
final class ErrorBody {
  /** What a client sees when the engine cannot go on; details are in the log only. */
  static final String INTERNAL = of(500, "InternalServerError", "Internal server error", null);

  private ErrorBody() {}

  static String of(int code, String type, String message, @Nullable String param) {
    ObjectNode error = JsonNodeFactory.instance.objectNode();
    error
        .putObject("error")
        .put("message", message)
        .put("type", type)
        .put("param", param)
        .put("code", code);
    return error.toString();
  }
}
