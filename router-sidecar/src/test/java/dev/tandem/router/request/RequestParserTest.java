package dev.tandem.router.request;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestParserTest {

  private static InferenceRequest read(String body) {
    return switch (RequestParser.parse(body.getBytes(StandardCharsets.UTF_8))) {
      case RequestParser.Parsed.Valid valid -> valid.request();
      case RequestParser.Parsed.Invalid invalid ->
          throw new AssertionError(invalid.error().message());
    };
  }

  @Test
  void fourBytesAreAToken() {
    assertThat(read("{\"prompt\":\"abcdefghi\"}").inputTokens()).isEqualTo(3);
    assertThat(read("{\"prompt\":\"äöü\"}").inputTokens()).isEqualTo(2);
    assertThat(read("{\"prompt\":\"\"}").inputTokens()).isEqualTo(1);
    assertThat(read("{\"prompt\":[5,6,7]}").inputTokens()).isEqualTo(3);
  }

  @Test
  void aConversationBeginsAsItsEarlierTurnsDid() {
    String turn = "{\"role\":\"user\",\"content\":\"hello\"}";
    byte[] one = read("{\"messages\":[" + turn + "]}").prompt();
    byte[] two = read("{\"messages\":[" + turn + "," + turn + "]}").prompt();
    assertThat(two).startsWith(one);
  }

  @Test
  void textPartsReadAsText() {
    assertThat(
            read("{\"messages\":[{\"role\":\"u\",\"content\":[{\"type\":\"text\",\"text\":\"x\"}]}]}")
                .prompt())
        .isEqualTo(read("{\"messages\":[{\"role\":\"u\",\"content\":\"x\"}]}").prompt());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"n\":2}",
        "{\"best_of\":2}",
        "{\"echo\":true}",
        "{\"prompt_logprobs\":1}",
        "{\"use_beam_search\":true}",
        "{\"prompt\":[\"a\",\"b\"]}",
        "{\"prompt\":[[1],[2]]}",
        "{\"prompt\":[]}"
      })
  void severalSequencesOrPromptProbabilitiesAreNotSplit(String body) {
    assertThat(read(body).splittable()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"n\":1,\"prompt\":\"a\"}", "{\"prompt\":[1,2]}"})
  void oneSequenceMayBeSplit(String body) {
    assertThat(read(body).splittable()).isTrue();
  }

  @Test
  void theBodyGoesOnAsItCame() {
    String body = "{ \"x\": 1.10, \"prompt\":\"a\" }";
    assertThat(new String(read(body).body(), StandardCharsets.UTF_8)).isEqualTo(body);
  }

  @Test
  void transferParametersGoAndTheRestKeepsItsDigits() {
    assertThat(
            new String(
                read("{\"x\":1.10,\"kv_transfer_p\\u0061rams\":{},\"y\":12345678901234567890}")
                    .body(),
                StandardCharsets.UTF_8))
        .isEqualTo("{\"x\":1.10,\"y\":12345678901234567890}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "[]", "1", "{\"a\":1} {", "\u0000"})
  void anythingButOneObjectIsRefused(String body) {
    assertThat(RequestParser.parse(body.getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(RequestParser.Parsed.Invalid.class);
  }
}
