package dev.tandem.router.request;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SessionKeyTest {

  private static @Nullable String key(String body, Map<String, String> headers) {
    if (RequestParser.parse(body.getBytes(StandardCharsets.UTF_8))
        instanceof RequestParser.Parsed.Valid valid) {
      return SessionKey.DEFAULT.of(valid.request(), headers::get);
    }
    throw new AssertionError(body);
  }

  @Test
  void theBodysSessionGoesBeforeHeaderCookieAndUser() {
    Map<String, String> all = Map.of("x-session-id", "h", "cookie", "a=b; session_id=c; d");
    assertThat(key("{\"session_id\":\"s\",\"user\":\"u\"}", all)).isEqualTo("s");
    assertThat(key("{\"vllm_xargs\":{\"session_id\":\"x\"},\"user\":\"u\"}", all)).isEqualTo("x");
    assertThat(key("{\"user\":\"u\"}", all)).isEqualTo("h");
    assertThat(key("{\"user\":\"u\"}", Map.of("cookie", "a=b; session_id=c; d"))).isEqualTo("c");
    assertThat(key("{\"user\":\"u\"}", Map.of("cookie", "a=b"))).isEqualTo("u");
    assertThat(key("{}", Map.of())).isNull();
    assertThat(key("{\"user\":{},\"session_id\":[1]}", Map.of())).isNull();
  }
}
