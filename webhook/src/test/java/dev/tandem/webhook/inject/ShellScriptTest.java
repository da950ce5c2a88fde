package dev.tandem.webhook.inject;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ShellScriptTest {

  private static final Map<String, String> VARIABLES =
      Map.of(
          "MODEL", "org/m", "ARGS", "a b", "PORT", "80", "EMPTY", "", "QUOTE", "it's", "NAME",
          "DEL");

  @Test
  void theWordsOfTheLastCommandAreVllms() {
    assertThat(
            words("set -e\npip install x && exec vllm serve $MODEL --port '80'\"00\" \\\n -tp 2;"))
        .isEqualTo("vllm serve org/m --port 8000 -tp 2");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          vllm serve m # all                              | vllm serve m
          # first line\\nvllm serve m                      | vllm serve m
          echo starting vllm serve; vllm serve m          | vllm serve m
          pip install vllm && vllm serve m                | vllm serve m
          export A=1 B=$UNKNOWN; vllm serve m             | vllm serve m
          export A=1 && vllm serve $MODEL                 | vllm serve org/m
          export HOST=$(hostname -i); vllm serve m        | vllm serve m
          export P=/x:$PATH && exec vllm serve m          | vllm serve m
          echo $UNKNOWN ${NODE:-none}; vllm serve m       | vllm serve m
          A=$UNKNOWN B='x y' vllm serve m                 | vllm serve m
          set -euo pipefail; cd /tmp; vllm serve m        | vllm serve m
          vllm serve "$ARGS"                              | vllm serve a b
          vllm serve m --port ${PORT:-8000}               | vllm serve m --port 80
          vllm serve m --po\\\\nrt 80\\\\n00              | vllm serve m --port 8000
          vllm serve "m\\\\n1"                            | vllm serve m1
          vllm serve m --port $(PORT)                     | vllm serve m --port 80
          python3 -u -m vllm.entrypoints.openai.api_server --model m | python3 -u -m vllm.entrypoints.openai.api_server --model m
          /opt/venv/bin/vllm serve m                      | /opt/venv/bin/vllm serve m
          vllm serve m --json '{"a": "$b"}'               | vllm serve m --json {"a": "$b"}
          vllm serve m --json "{\\\\"a\\\\": 1}"          | vllm serve m --json {"a": 1}
          vllm serve m#1                                  | vllm serve m#1
          """)
  void whatIsProvenIsRead(String text, String expected) {
    assertThat(words(unescaped(text))).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // nothing, or not vLLM last
        "",
        "# vllm serve m",
        "echo vllm serve m",
        "env vllm serve m",
        "vllm bench serve m",
        "vllm serve m; echo done",
        "vllm serve m && vllm serve n",
        "timeout 5 vllm serve m; vllm serve n",
        "bash -c 'vllm serve m'; vllm serve n",
        "'A=b' vllm serve m",
        "exec -a x vllm serve m",
        // more than simple commands
        "vllm serve m | tee log",
        "vllm serve m > log",
        "vllm serve m 2>&1",
        "vllm serve m &",
        "vllm serve m || true",
        "(vllm serve m)",
        "{ vllm serve m; }",
        "vllm() { echo; }; vllm serve m",
        "if true; then vllm serve m; fi",
        "while true; do vllm serve m; done",
        "cat <<E\nvllm serve m\nE",
        "vllm serve m &&",
        "; vllm serve m",
        "true;; vllm serve m",
        "vllm serve m && # on\n",
        "vllm serve m \\\n # --port 1\n --port 2",
        "# on \\\nvllm serve m",
        "# $(NOTE)\nvllm serve m",
        // words that cannot be told
        "vllm serve $(cat model)",
        "vllm serve `cat model`",
        "vllm serve $UNKNOWN",
        "vllm serve ${UNKNOWN:-m}",
        "vllm serve ${PORT:+m}",
        "vllm serve ${EMPTY:-m}",
        "vllm serve ${NEW:=m}",
        "vllm serve ${MODEL%/*}",
        "vllm serve ${#MODEL}",
        "vllm serve m $ARGS",
        "vllm serve m $EMPTY",
        "vllm serve $1 $@ m",
        "vllm serve $PWD",
        "vllm serve $'m'",
        "vllm serve $\"m\"",
        "vllm serve $((1+1))",
        "vllm serve m --port $PO\\\nRT",
        "vllm serve m*",
        "vllm serve m?",
        "vllm serve [m]",
        "vllm serve {m,n}",
        "vllm serve ~/m",
        "vllm serve 'm",
        "vllm serve \"m",
        "vllm serve m\\",
        "vllm serve m\u00a0--port 1",
        "vllm serve m\r\n",
        // what the kubelet replaces first
        "vllm serve m --key '$(SECRET)'",
        "vllm serve m --key '$(QUOTE)'",
        "vllm serve m --key \"$(SECRET)\"",
        "vllm serve m --key \"\\$(SECRET)\"",
        "vllm serve m --key $$(SECRET)",
        "vllm serve m --key '$$(SECRET)'",
        "vllm serve m --key \\$$MODEL",
        "export A=$(SECRET); vllm serve m",
        "$(SETUP); vllm serve m",
        "vllm serve $MODEL$(PORT)",
        "MO$(NAME)=x; vllm serve $MODEL",
        // text before that can change what follows
        "MODEL=x; vllm serve $MODEL",
        "MODEL+=x; vllm serve $MODEL",
        "MO\\\nDEL=x; vllm serve $MODEL",
        "MODEL=x vllm serve $MODEL",
        "export MODEL=x && vllm serve $MODEL",
        "export A=$B; vllm serve $MODEL",
        "readonly MODEL; vllm serve $MODEL",
        "IFS=/; vllm serve $MODEL",
        "export $A; vllm serve m",
        "export -f vllm; vllm serve m",
        "declare -n MODEL=x; vllm serve $MODEL",
        "read MODEL; vllm serve $MODEL",
        "printf -v MODEL x; vllm serve $MODEL",
        "mapfile MODEL; vllm serve $MODEL",
        "getopts a MODEL; vllm serve $MODEL",
        "let MODEL=1; vllm serve $MODEL",
        "unset MODEL; vllm serve $MODEL",
        "source env.sh; vllm serve m",
        ". ./env.sh; vllm serve m",
        "eval x; vllm serve m",
        "alias vllm=true; vllm serve m",
        "hash -p /bin/true vllm; vllm serve m",
        "enable -n x; vllm serve m",
        "trap x EXIT; vllm serve m",
        "exec true; vllm serve m",
        "exit; vllm serve m",
        "set -n; vllm serve m",
        "set -- a; vllm serve m",
        "set -o noexec; vllm serve m",
        "shopt -s extglob; vllm serve m",
        "$UNKNOWN; vllm serve m"
      })
  void whatCannotBeProvenIsUnsafe(String text) {
    assertThat(ShellScript.read(text, false, VARIABLES::get))
        .isInstanceOf(ShellScript.Unsafe.class);
  }

  @Test
  void whatIsExportedIsSplitByOldShellsOutsideQuotesAndNeverByBash() {
    String quoted = "export A=\"$B\"; vllm serve $MODEL";
    assertThat(ShellScript.read(quoted, false, VARIABLES::get))
        .isInstanceOf(ShellScript.Safe.class);
    String bare = "export A=$B; vllm serve $MODEL";
    assertThat(ShellScript.read(bare, false, VARIABLES::get))
        .isInstanceOf(ShellScript.Unsafe.class);
    assertThat(ShellScript.read(bare, true, VARIABLES::get)).isInstanceOf(ShellScript.Safe.class);
  }

  @Test
  void aReasonShowsThePlace() {
    assertThat(words("vllm serve m --port 8000 | tee /log"))
        .isEqualTo("'|' at character 25, near e m --port 8000 | tee /log");
  }

  @Test
  void wordsCanBeAddedBehindAReferenceToThePodsAddress() {
    assertThat(words("vllm serve m --topic 'kv@$(POD_IP)@m' --port 1"))
        .isEqualTo("vllm serve m --topic kv@$(POD_IP)@m --port 1");
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
      assertThat(ShellScript.read(text, false, VARIABLES::get))
          .as("seed 11, %s", text)
          .isInstanceOfSatisfying(
              ShellScript.Safe.class,
              safe -> assertThat(safe.words().getLast().value()).isEqualTo(word.toString()));
    }
  }

  private static String unescaped(String text) {
    return text.replace("\\\\n", "\\\n").replace("\\n", "\n").replace("\\\\", "\\");
  }

  private static String words(String text) {
    return switch (ShellScript.read(text, false, VARIABLES::get)) {
      case ShellScript.Safe safe ->
          String.join(" ", safe.words().stream().map(ShellWords.Word::value).toList());
      case ShellScript.Unsafe(String reason) -> reason;
    };
  }
}
