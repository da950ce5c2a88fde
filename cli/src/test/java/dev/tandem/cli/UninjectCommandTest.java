package dev.tandem.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class UninjectCommandTest {

  private static final String POD =
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: p
        labels:
          production-stack.vllm.ai/inject: "true"
      spec:
        containers:
          - name: vllm
            image: vllm/vllm-openai:v0.26.0
            args:
              - --model
              - m
      """;

  @TempDir private Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void whatWasInjectedIsTakenBack() throws IOException {
    run(new InjectCommand(), "-f", file(POD));
    assertThat(out.toString()).contains("tandem-router");
    String injected = out.toString();
    out.getBuffer().setLength(0);
    assertThat(run(new UninjectCommand(), "-f", file(injected))).isZero();
    assertThat(out.toString()).contains("--model").doesNotContain("tandem-router", "8200");
    assertThat(err.toString()).contains("Pod/p: restored");
  }

  @Test
  void aPodThatWasNeverInjectedStaysAsItIs() throws IOException {
    assertThat(run(new UninjectCommand(), "-f", file(POD))).isZero();
    assertThat(out.toString()).isEqualTo(POD);
  }

  @Test
  void theDifferenceShowsOnlyWhatChanges() throws IOException {
    assertThat(run(new InjectCommand(), "--diff", "-f", file(POD))).isZero();
    assertThat(out.toString())
        .contains("+              - \"8200\"".replace("              ", "        "))
        .contains("+  schedulerName: tandem")
        .doesNotContain("apiVersion: v1");
  }

  @Test
  void aFileIsNeededUnlessTheReferenceIsAskedFor() {
    assertThat(run(new InjectCommand())).isEqualTo(2);
    assertThat(run(new InjectCommand(), "--reference")).isZero();
    assertThat(out.toString()).startsWith("# Annotations");
  }

  private int run(Object command, String... args) {
    return new CommandLine(command)
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(args);
  }

  private String file(String text) throws IOException {
    Path file = folder.resolve("manifests.yaml");
    Files.writeString(file, text);
    return file.toString();
  }
}
