package dev.tandem.webhook.inject;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.junit.jupiter.api.Test;

final class CommandLineTest {

  @Test
  void aFlagIsFoundInEveryFormThatVllmsParserTakes() {
    assertThat(line("--port=1").value("--port")).isEqualTo("1");
    assertThat(line("--max_model_len", "2").value("--max-model-len")).isEqualTo("2");
    assertThat(line("--tensor-parallel", "4").number(1, "--tensor-parallel-size")).isEqualTo(4);
    assertThat(line("--kv-transfer", "{}").has("--kv-transfer-config")).isTrue();
    assertThat(line("--kv-transfer-config.kv_role", "x").has("--kv-transfer-config")).isTrue();
    assertThat(line("--no-enable-prefix-caching").has("--enable-prefix-caching")).isTrue();
    assertThat(line("--port", "1", "--port", "2").value("--port")).isEqualTo("2");
  }

  @Test
  void aWholeFlagIsNotTakenForTheBeginningOfAnother() {
    CommandLine line = line("--data-parallel-size", "16");
    assertThat(line.value("--data-parallel-size-local")).isNull();
    assertThat(line.number(1, "--data-parallel-size")).isEqualTo(16);
  }

  @Test
  void theLastFormOfASwitchCounts() {
    assertThat(line("--x-cache", "--no-x-cache").on("--x-cache")).isFalse();
    assertThat(line("--no-x-cache", "--x-cache").on("--x-cache")).isTrue();
    assertThat(line().on("--x-cache")).isFalse();
  }

  @Test
  void aWordThatHoldsACommandIsReadByAProgramNobodyKnows() {
    assertThat(line("tini", "--", "run", "vllm serve m").obstacle()).isNotNull();
    assertThat(line("fish", "-c", "vllm serve m").obstacle()).isNotNull();
    assertThat(line("bash", "start.sh").obstacle()).isNotNull();
    assertThat(line("tini", "--", "vllm", "serve", "m").obstacle()).isNull();
  }

  @Test
  void behindTheEndOfFlagsNothingCanBeAdded() {
    assertThat(line("vllm", "serve", "m", "--").obstacle()).isNotNull();
    assertThat(new CommandLine(script("vllm serve m --")).obstacle()).isNotNull();
  }

  @Test
  void aShellThatReadsOtherTextFirstIsAnObstacle() {
    ObjectNode container = script("vllm serve m");
    assertThat(new CommandLine(container).obstacle()).isNull();
    container.withArrayProperty("env").addObject().put("name", "BASH_ENV").put("value", "/x");
    assertThat(new CommandLine(container).obstacle()).contains("BASH_");
  }

  @Test
  void aLoginShellMaySetAnyVariable() {
    ObjectNode container = script("vllm serve $MODEL");
    container.withArrayProperty("env").addObject().put("name", "MODEL").put("value", "m");
    assertThat(new CommandLine(container).obstacle()).isNull();
    container.putArray("command").add("bash").add("-lc");
    assertThat(new CommandLine(container).obstacle()).contains("$MODEL");
  }

  @Test
  void whatIsSetInAScriptStandsWhereItStood() {
    ObjectNode container = script("vllm serve m --port \"80\" \\\n  --port=81 # serves\n");
    new CommandLine(container).set("--port", "8200");
    assertThat(container.path("args").path(0).asText())
        .isEqualTo("vllm serve m --port 8200 \\\n  --port=8200 # serves\n");
  }

  @Test
  void otherCommandsOfVllmDoNotServe() {
    assertThat(line("vllm", "bench", "serve").runsOtherCommandOfVllm()).isTrue();
    assertThat(line("/opt/vllm", "serve", "m").runsOtherCommandOfVllm()).isFalse();
  }

  private static CommandLine line(String... words) {
    ObjectNode container = JsonNodeFactory.instance.objectNode();
    List.of(words).forEach(container.withArrayProperty("command")::add);
    return new CommandLine(container);
  }

  private static ObjectNode script(String text) {
    ObjectNode container = JsonNodeFactory.instance.objectNode();
    container.putArray("command").add("/bin/bash").add("-c");
    container.putArray("args").add(text);
    return container;
  }
}
