package dev.tandem.standin.http;

import org.jspecify.annotations.Nullable;

/** A request vLLM would refuse, with what its error body says. */
final class RequestError extends Exception {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String type;
  private final @Nullable String param;

  RequestError(int status, String type, String message, @Nullable String param) {
    super(message, null, false, false);
    this.status = status;
    this.type = type;
    this.param = param;
  }

  /** A field of the body is wrong. */
  static RequestError badRequest(String message, @Nullable String param) {
    return new RequestError(400, "BadRequestError", message, param);
  }

  int status() {
    return status;
  }

  /** The error body. */
  String body() {
    return ErrorBody.of(status, type, String.valueOf(getMessage()), param);
  }
}
