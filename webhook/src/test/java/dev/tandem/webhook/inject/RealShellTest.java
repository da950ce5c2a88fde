package dev.tandem.webhook.inject;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What is read as safe is given to a real shell, with a program called vllm that writes down what
 * it gets: once, last, and word for word what was read, the words added by us at the end.
 */
final class RealShellTest {

  private static final int SCRIPTS = 4000;
  private static final int RUNS = 60;

  private static final Map<String, String> ENV =
      Map.of(
          "MODEL", "org/m", "PORT", "80", "TWO", "a b", "QUOTE", "it's", "EMPTY", "", "NAME",
          "MODEL", "SET", "PORT=1");

  private static final String[] PIECES = {
    "vllm serve",
    "vllm serve m",
    "vllm serve $MODEL",
    "exec vllm serve m",
    "m",
    " ",
    " ",
    " ",
    " ",
    "\n",
    "\n",
    ";",
    "; ",
    " && ",
    " \\\n ",
    "\\\n",
    "#",
    " # note",
    "'",
    "\"",
    "'a b'",
    "\"a $MODEL\"",
    "\"$TWO\"",
    "$TWO",
    "$MODEL$(PORT)",
    "$(NAME)=x",
    "$(SET)",
    "$MODEL",
    "${PORT}",
    "${PORT:-1}",
    "$NO",
    "${NO:-1}",
    "$(PORT)",
    "'$(MODEL)'",
    "'$(QUOTE)'",
    "\"$(TWO)\"",
    "$$",
    "\\$",
    "\\",
    "$(echo a b)",
    "export A=1",
    "export MODEL=x",
    "MODEL=x",
    "A=$NO",
    "IFS=/",
    "set -e",
    "set -- x",
    "echo hi",
    "true",
    "false",
    "cd /",
    "read MODEL",
    "--port",
    "--port=80",
    "80",
    "{",
    "}",
    "*",
    "~",
    "|",
    "&",
    "unset MODEL",
    "printf -v MODEL x",
    "eval",
    "exec",
    "if",
    "true",
    "--a='b c'",
    "=",
    "+=",
    "''"
  };

  private static final List<String> SHELLS =
      Stream.of("/bin/sh", "/bin/bash").filter(s -> Files.isExecutable(Path.of(s))).toList();

  @TempDir private Path folder;

  @BeforeEach
  void aProgramThatWritesDownWhatItGets() throws IOException {
    assumeTrue(!SHELLS.isEmpty(), "needs /bin/sh or /bin/bash");
    Path vllm = folder.resolve("vllm");
    Files.writeString(
        vllm,
        """
        #!/bin/sh
        [ "$1" = serve ] || exit 1
        printf '<' >> "$CALLS"
        for word; do printf '%s\\001' "$word" >> "$CALLS"; done
        """);
    Files.setPosixFilePermissions(vllm, PosixFilePermissions.fromString("rwx------"));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void vllmGetsTheWordsThatWereReadAndTheAddedOnes(long seed) throws Exception {
    SplittableRandom random = new SplittableRandom(seed);
    int runs = 0;
    for (int i = 0; i < SCRIPTS && runs < RUNS; i++) {
      String text = script(random);
      String shell = SHELLS.get(random.nextInt(SHELLS.size()));
      ObjectNode container = container(shell, text);
      CommandLine line = new CommandLine(container);
      if (line.obstacle() != null) {
        continue;
      }
      runs++;
      line.set("--port", "8200");
      line.append("--topic", "it's \"$(MODEL)\" $HOME");
      List<String> expected = new ArrayList<>(line.words());
      expected.removeFirst();
      String edited = container.path("args").path(0).asText();
      // a command that failed before may have kept vLLM from running at all
      assertThat(run(shell, edited))
          .as("seed %d, %s:%n%s%nedited:%n%s", seed, shell, text, edited)
          .isIn("", "<" + expected.stream().map(w -> w + "\1").collect(Collectors.joining()));
    }
    assertThat(runs).as("seed %d: enough scripts are safe", seed).isGreaterThan(RUNS / 3);
  }

  private static String script(SplittableRandom random) {
    StringBuilder text = new StringBuilder();
    for (int n = random.nextInt(4); n > 0; n--) {
      text.append(PIECES[random.nextInt(PIECES.length)]).append(random.nextBoolean() ? "\n" : " ");
    }
    text.append("vllm serve");
    for (int n = random.nextInt(6); n > 0; n--) {
      text.append(random.nextBoolean() ? " " : "").append(PIECES[random.nextInt(PIECES.length)]);
    }
    return text.toString();
  }

  private static ObjectNode container(String shell, String text) {
    ObjectNode container = JsonNodeFactory.instance.objectNode();
    container.putArray("command").add(shell).add("-c");
    container.putArray("args").add(text);
    ENV.forEach((name, value) ->
        container.withArrayProperty("env").addObject().put("name", name).put("value", value));
    return container;
  }

  private String run(String shell, String text) throws Exception {
    Path calls = folder.resolve("calls");
    Files.deleteIfExists(calls);
    ProcessBuilder builder = new ProcessBuilder(shell, "-c", kubelet(text));
    builder.environment().clear();
    builder.environment().putAll(ENV);
    builder.environment().put("PATH", folder + ":/usr/bin:/bin");
    builder.environment().put("CALLS", calls.toString());
    builder.directory(folder.toFile());
    builder.redirectErrorStream(true);
    builder.redirectOutput(folder.resolve("output").toFile());
    builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
    Process process = builder.start();
    try {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("%s ends", text).isTrue();
    } finally {
      process.destroyForcibly();
    }
    return Files.exists(calls) ? Files.readString(calls, StandardCharsets.UTF_8) : "";
  }

  /** As k8s.io/kubernetes third_party/forked/golang/expansion does. */
  private static String kubelet(String text) {
    Matcher reference = Pattern.compile("\\$\\$|\\$\\(([^)]*)\\)").matcher(text);
    return reference.replaceAll(match -> {
      String value = match.group(1) == null ? "$" : ENV.getOrDefault(match.group(1), match.group());
      return Matcher.quoteReplacement(value);
    });
  }
}
