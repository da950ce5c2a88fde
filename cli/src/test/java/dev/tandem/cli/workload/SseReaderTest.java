package dev.tandem.cli.workload;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SseReaderTest {

  private static final String STREAM =
      """
      data: {"choices":[{"delta":{"role":"assistant","content":""}}]}

      data: {"choices":[{"delta":{"content":"baz "}}]}

      data: {"choices":[],"usage":{"prompt_tokens":9,"completion_tokens":1,\
      "prompt_tokens_details":{"cached_tokens":4}}}

      data: [DONE]

      """;

  private final AtomicInteger firsts = new AtomicInteger();
  private final SseReader reader = new SseReader(firsts::incrementAndGet);

  @Test
  void anAnswerCutAnywhereIsReadWhole() {
    for (int i = 0; i < STREAM.length(); i++) {
      reader.take(Buffer.buffer(STREAM.substring(i, i + 1)));
    }

    assertThat(reader.problem(1)).isNull();
    assertThat(reader.promptTokens()).isEqualTo(9);
    assertThat(reader.cachedTokens()).isEqualTo(4);
    assertThat(firsts).hasValue(1);
  }

  @Test
  void theRoleAloneIsNoFirstToken() {
    reader.take(Buffer.buffer(STREAM.substring(0, STREAM.indexOf("\n\n"))));

    assertThat(firsts).hasValue(0);
  }

  @Test
  void aStreamWithoutItsEndIsAProblem() {
    reader.take(Buffer.buffer(STREAM.replace("data: [DONE]", "")));

    assertThat(reader.problem(1)).contains("before [DONE]");
  }

  @Test
  void tooFewTokensAreAProblem() {
    reader.take(Buffer.buffer(STREAM));

    assertThat(reader.problem(3)).isEqualTo("1 tokens came, 3 were asked for");
  }

  @Test
  void anErrorInsideTheStreamIsAProblem() {
    reader.take(Buffer.buffer("data: {\"error\":{\"message\":\"engine died\"}}\n\n"));

    assertThat(reader.problem(1)).contains("engine died");
  }
}
