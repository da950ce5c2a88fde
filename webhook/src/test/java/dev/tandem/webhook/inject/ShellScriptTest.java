package dev.tandem.webhook.inject;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ShellScriptTest {

  private static final Map<String, String> VARIABLES = Map.of("MODEL", "org/m", "ARGS", "a b");

  @Test
  void theWordsOfTheLastCommandAreVllms() {
    assertThat(
            words("set -e\npip install x && exec vllm serve $MODEL --port '80'\"00\" \\\n -tp 2;"))
        .isEqualTo("vllm serve org/m --port 8000 -tp 2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "echo vllm serve m",
        "vllm serve m | tee log",
        "vllm serve m > log",
        "vllm serve m &",
        "vllm serve m; echo done",
        "vllm serve m # all",
        "vllm serve $(cat model)",
        "vllm serve `cat model`",
        "vllm serve $UNKNOWN",
        "vllm serve m $ARGS",
        "MODEL=x; vllm serve $MODEL",
        "export MODEL=x && vllm serve $MODEL",
        "vllm serve m && vllm serve n",
        "if true; then vllm serve m; fi",
        "while true; do vllm serve m; done",
        "source env.sh; vllm serve m",
        "vllm serve m*",
        "vllm serve 'm",
        "vllm serve ~/m",
        "vllm serve m || true",
        "(vllm serve m)"
      })
  void whatCannotBeProvenIsUnsafe(String text) {
    assertThat(ShellScript.read(text, VARIABLES::get)).isInstanceOf(ShellScript.Unsafe.class);
  }

  @Test
  void wordsCanBeAddedBehindAReferenceToThePodsAddress() {
    assertThat(words("vllm serve m --topic 'kv@$(POD_IP)@m' --port 1"))
        .isEqualTo("vllm serve m --topic kv@$(POD_IP)@m --port 1");
  }

  @Test
  void aReferenceToWhatNobodyKnowsMayHoldAQuote() {
    assertThat(ShellScript.read("vllm serve m --key '$(SECRET)'", VARIABLES::get))
        .isInstanceOf(ShellScript.Unsafe.class);
  }

  @Test
  void aQuotedWordIsReadBackAsItWas() {
    SplittableRandom random = new SplittableRandom(11);
    String letters = "ab '\"\\`|&;<>(){}[]*?~#!\n\t{}:,=";
    for (int i = 0; i < 2000; i++) {
      StringBuilder word = new StringBuilder("w");
      for (int n = random.nextInt(12); n > 0; n--) {
        word.append(letters.charAt(random.nextInt(letters.length())));
      }
      String text = "vllm serve m " + ShellScript.quote(word.toString());
      assertThat(ShellScript.read(text, VARIABLES::get))
          .as("seed 11, %s", text)
          .isInstanceOfSatisfying(
              ShellScript.Safe.class,
              safe -> assertThat(safe.words().getLast().value()).isEqualTo(word.toString()));
    }
  }

  private static String words(String text) {
    return switch (ShellScript.read(text, VARIABLES::get)) {
      case ShellScript.Safe safe ->
          String.join(" ", safe.words().stream().map(ShellScript.Word::value).toList());
      case ShellScript.Unsafe(String reason) -> reason;
    };
  }
}
