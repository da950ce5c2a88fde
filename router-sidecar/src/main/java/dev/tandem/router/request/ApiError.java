package dev.tandem.router.request;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * An answer of the router itself in the error shape of the OpenAI API: {@code
 * {"error":{"message","type","param","code"}}}, {@code code} being the HTTP status. Immutable.
 *
 * @param status HTTP status, 400 to 599
 * @param type the error's type, as OpenAI clients read it
 * @param message what was wrong, in words a caller can act on
 */
public record ApiError(int status, String type, String message) {

  public ApiError {
    if (status < 400 || status > 599) {
      throw new IllegalArgumentException("status " + status + " is no error; accepted: 400 to 599");
    }
  }

  public static ApiError badRequest(String message) {
    return new ApiError(400, "BadRequestError", message);
  }

  public static ApiError forbidden(String message) {
    return new ApiError(403, "PermissionDeniedError", message);
  }

  public static ApiError tooLarge(long limit) {
    return new ApiError(
        413, "BadRequestError", "the request body is larger than " + limit + " bytes");
  }

  public static ApiError saturated(String message) {
    return new ApiError(429, "RateLimitError", message);
  }

  public static ApiError unavailable(String message) {
    return new ApiError(503, "ServiceUnavailableError", message);
  }

  /** A bug of ours. */
  public static ApiError internal() {
    return new ApiError(500, "InternalServerError", "internal error of the router");
  }

  public static ApiError badGateway(String message) {
    return new ApiError(502, "BadGatewayError", message);
  }

  public static ApiError timedOut(String message) {
    return new ApiError(504, "GatewayTimeoutError", message);
  }

  /** The body to answer with. */
  public byte[] body() {
    ObjectNode error = JsonNodeFactory.instance.objectNode();
    error.put("message", message).put("type", type).putNull("param").put("code", status);
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.set("error", error);
    return Json.bytes(root);
  }
}
