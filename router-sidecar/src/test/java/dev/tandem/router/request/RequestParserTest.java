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

  @Test
  void tokenIdsAreKeptAsTheyAre() {
    InferenceRequest request = read("{\"model\":\"m\",\"prompt\":[5,6,7]}");
    assertThat(request.tokens()).containsExactly(5, 6, 7);
    assertThat(request.prompt()).isEmpty();
    assertThat(read("{\"prompt\":" + ids(200) + "}").blocks()).hasSize(3);
  }

  @Test
  void ofSeveralPromptsTheFirstIsHashedAndAllAreCounted() {
    String first = "a".repeat(256);
    InferenceRequest several = read("{\"prompt\":[\"" + first + "\",\"bbbb\"]}");
    assertThat(several.inputTokens()).isEqualTo(65);
    assertThat(several.blocks()).isEqualTo(read("{\"prompt\":\"" + first + "\"}").blocks());
    assertThat(read("{\"prompt\":[" + ids(100) + "," + ids(28) + "]}").inputTokens())
        .isEqualTo(128);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"prompt\":{}}",
        "{\"prompt\":7}",
        "{\"prompt\":[]}",
        "{\"prompt\":[null,{}]}",
        "{\"prompt\":[1,\"a\"]}",
        "{\"prompt\":[1.5]}",
        "{\"prompt\":[-3]}",
        "{\"prompt\":[99999999999]}",
        "{\"messages\":[7]}",
        "{\"messages\":[{\"content\":7}]}",
        "{\"messages\":[{\"content\":[7]}]}",
        "{}"
      })
  void whatIsNoPromptIsRoutedByWhatIsLeftAndNamed(String body) {
    InferenceRequest request = read(body);
    assertThat(request.inputTokens()).isPositive();
    assertThat(request.oddities()).isNotEmpty();
    assertThat(new String(request.body(), StandardCharsets.UTF_8)).isEqualTo(body);
  }

  @Test
  void anImageCountsByWhatItIsAndNotByItsBytes() {
    InferenceRequest small = image("aaaa", null);
    InferenceRequest large = image("b".repeat(3_000_000), null);
    assertThat(large.inputTokens()).isEqualTo(small.inputTokens()).isBetween(256L, 300L);
    assertThat(large.blocks()).hasSameSizeAs(small.blocks());
    assertThat(large.blocks()[0]).isNotEqualTo(small.blocks()[0]);
    assertThat(image("b".repeat(3_000_000), null).blocks()).isEqualTo(large.blocks());
  }

  @Test
  void anImageWithAnIdentifierIsKnownByIt() {
    assertThat(image("aaaa", "cat").blocks()).isEqualTo(image("bbbb", "cat").blocks());
    assertThat(image("aaaa", "cat").blocks()).isNotEqualTo(image("aaaa", "dog").blocks());
  }

  @Test
  void modelAdapterAndSaltKeepBlocksApart() {
    String prompt = "\"prompt\":\"" + "a".repeat(300) + "\"";
    long plain = read("{\"model\":\"m\"," + prompt + "}").blocks()[0];
    assertThat(read("{\"model\":\"m-lora\"," + prompt + "}").blocks()[0]).isNotEqualTo(plain);
    assertThat(read("{\"model\":\"m\",\"cache_salt\":\"s\"," + prompt + "}").blocks()[0])
        .isNotEqualTo(plain);
  }

  @Test
  void onlyATrustedPickersTokensCount() {
    byte[] body = "{\"prompt\":\"a\",\"tokens\":[1,2,3]}".getBytes(StandardCharsets.UTF_8);
    assertThat(read("{\"prompt\":\"a\",\"tokens\":[1,2,3]}").tokens()).isNull();
    if (RequestParser.parse(body, true) instanceof RequestParser.Parsed.Valid valid) {
      assertThat(valid.request().tokens()).containsExactly(1, 2, 3);
      assertThat(new String(valid.request().body(), StandardCharsets.UTF_8))
          .isEqualTo("{\"prompt\":\"a\"}");
    } else {
      throw new AssertionError("refused");
    }
  }

  @Test
  void tenMegabytesOfPromptAreRead() {
    InferenceRequest text = read("{\"prompt\":\"" + "x".repeat(10 << 20) + "\"}");
    assertThat(text.blocks()).hasSize((10 << 20) / 256);
    assertThat(read("{\"prompt\":" + ids(1 << 20) + "}").inputTokens()).isEqualTo(1 << 20);
  }

  private static InferenceRequest image(
      String data, @org.jspecify.annotations.Nullable String uuid) {
    return read(
        "{\"messages\":[{\"role\":\"u\",\"content\":[{\"type\":\"image_url\",\"image_url\":"
            + "{\"url\":\"data:image/png;base64,"
            + data
            + "\"}"
            + (uuid == null ? "" : ",\"uuid\":\"" + uuid + "\"")
            + "}]}]}");
  }

  private static String ids(int count) {
    StringBuilder ids = new StringBuilder("[1");
    for (int i = 1; i < count; i++) {
      ids.append(',').append(i % 50_000);
    }
    return ids.append(']').toString();
  }
}
