package dev.tandem.router.request;

import org.jspecify.annotations.Nullable;

/**
 * What a request's session is known by, in the order vLLM has and then what else tells callers
 * apart: the body's {@code session_id} or {@code vllm_xargs.session_id}, a header, a cookie, the
 * body's {@code user}. Immutable.
 *
 * @param header header that names a session
 * @param cookie cookie that does
 */
public record SessionKey(String header, String cookie) {

  /** vLLM's own header, and a cookie of the name of its field. */
  public static final SessionKey DEFAULT = new SessionKey("x-session-id", "session_id");

  public SessionKey {
    if (header.isBlank() || cookie.isBlank()) {
      throw new IllegalArgumentException(
          "session header '" + header + "', cookie '" + cookie + "'; accepted: names");
    }
  }

  /** The session of a request, whose headers {@code headers} finds by name; null for none. */
  public @Nullable String of(InferenceRequest request, Headers headers) {
    if (request.session() != null) {
      return request.session();
    }
    String named = headers.get(header);
    if (named != null) {
      return named;
    }
    String baked = cookie(headers.get("cookie"));
    return baked != null ? baked : request.user();
  }

  /** The first value of a header, or null. */
  public interface Headers {
    @Nullable String get(String name);
  }

  private @Nullable String cookie(@Nullable String header) {
    if (header == null) {
      return null;
    }
    for (String pair : header.split(";", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0 && pair.substring(0, equals).strip().equals(cookie)) {
        return pair.substring(equals + 1).strip();
      }
    }
    return null;
  }
}
