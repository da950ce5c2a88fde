package dev.tandem.router.proxy;

import dev.tandem.router.request.ApiError;

/**
 * Why a leg gave no answer that could be passed on.
 *
 * @param kind what happened
 * @param status HTTP status the upstream gave, or 0
 * @param message what happened, with names
 */
record Failure(Kind kind, int status, String message) {

  enum Kind {
    /** No connection. */
    REFUSED,
    /** The connection ended before an answer. */
    CLOSED,
    /** No answer in time. */
    TIMED_OUT,
    /** An answer that says another pod may do better: 502, 503, 504, or a router's refusal. */
    STATUS,
    /** A stream that began with an error. */
    ERROR_EVENT,
    /** An answer that cannot be used. */
    BAD_ANSWER
  }

  /** The label of this failure in metrics. */
  String label() {
    return kind.name().toLowerCase(java.util.Locale.ROOT);
  }

  /** What to tell the client when no attempt is left. */
  ApiError error() {
    return switch (kind) {
      case TIMED_OUT -> ApiError.timedOut(message);
      case STATUS -> status == 504 ? ApiError.timedOut(message) : ApiError.unavailable(message);
      case REFUSED, CLOSED, BAD_ANSWER -> ApiError.badGateway(message);
      case ERROR_EVENT -> new ApiError(500, "InternalServerError", message);
    };
  }
}
