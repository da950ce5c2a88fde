package dev.tandem.router.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenIdsTest {

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static @Nullable String question(String body) {
    RequestParser.Parsed parsed = RequestParser.parse(bytes(body));
    if (!(parsed instanceof RequestParser.Parsed.Valid(InferenceRequest request))) {
      throw new AssertionError(parsed);
    }
    byte[] question = TokenIds.question(request);
    return question == null ? null : new String(question, StandardCharsets.UTF_8);
  }

  @Test
  void ofACompletionOnlyWhatMakesThePromptIsAsked() {
    assertThat(
            question(
                """
                {"model":"m","prompt":"once","max_tokens":5,"stream":true,"user":"u",
                 "add_special_tokens":false}\
                """))
        .isEqualTo("{\"model\":\"m\",\"prompt\":\"once\",\"add_special_tokens\":false}");
  }

  @Test
  void ofAConversationEverythingTheTemplateTakes() {
    assertThat(
            question(
                """
                {"model":"m","messages":[{"role":"user","content":[{"type":"text","text":"x"}]}],
                 "tools":[{"type":"function"}],"temperature":0.5,
                 "chat_template_kwargs":{"enable_thinking":false}}\
                """))
        .isEqualTo(
            "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":"
                + "[{\"type\":\"text\",\"text\":\"x\"}]}],\"tools\":[{\"type\":\"function\"}],"
                + "\"chat_template_kwargs\":{\"enable_thinking\":false}}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"prompt\":[1,2,3]}",
        "{\"prompt\":[\"a\",\"b\"]}",
        "{\"prompt\":\"a\",\"truncate_prompt_tokens\":3}",
        "{\"messages\":[]}",
        "{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\"}]}]}",
        "{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"tool_choice\":\"none\"}",
        "{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"reasoning_effort\":\"high\"}",
        "{}"
      })
  void whatTheAnswerWouldNotBeTrueForIsNotAsked(String body) {
    assertThat(question(body)).isNull();
  }

  @Test
  void idsAreReadWhereverTheyStand() throws IOException {
    assertThat(
            TokenIds.answer(
                bytes(
                    "{\"count\":2,\"x\":{\"tokens\":[9]},\"tokens\":[7,4294967295],"
                        + "\"token_strs\":null}")))
        .containsExactly(7, -1);
  }

  @Test
  void longListsAreReadWhole() throws IOException {
    int[] ids = IntStream.range(0, 100_000).toArray();
    String list = IntStream.of(ids).mapToObj(String::valueOf).collect(Collectors.joining(", "));
    assertThat(TokenIds.answer(bytes("{\"tokens\":[" + list + "]}"))).isEqualTo(ids);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{}",
        "{\"tokens\":[]}",
        "{\"tokens\":{}}",
        "{\"tokens\":[1.5]}",
        "{\"tokens\":[-1]}",
        "{\"tokens\":[99999999999999999999]}",
        "{\"tokens\":[1,2"
      })
  void whatIsNoListOfIdsIsRefused(String body) {
    assertThatThrownBy(() -> TokenIds.answer(bytes(body))).isInstanceOf(IOException.class);
  }
}
