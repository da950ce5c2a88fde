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

final class InjectCommandTest {

  private static final String POD =
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: llama
        labels: {production-stack.vllm.ai/inject: "true"}
        annotations: {production-stack.vllm.ai/role: ROLE}
      spec:
        containers: [{name: vllm, image: vllm/vllm-openai, args: [--model, m]}]
      """;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir private Path folder;

  @Test
  void theInjectedManifestGoesToStdoutAndTheReportToStderr() throws IOException {
    assertThat(inject(POD.replace("ROLE", "both"))).isZero();
    assertThat(out.toString()).startsWith("apiVersion: v1\n").contains("name: tandem-router");
    assertThat(err.toString()).contains("Pod/llama: injected", "engine-port:");
  }

  @Test
  void aPodThatWouldBeRefusedMakesExitCodeOneAndSaysWhy() throws IOException {
    assertThat(inject(POD.replace("ROLE", "worker"))).isEqualTo(1);
    assertThat(out.toString()).doesNotContain("tandem-router");
    assertThat(err.toString()).contains("Pod/llama: refused", "\"worker\"", "prefill, decode");
  }

  @Test
  void whatIsNoYamlMakesExitCodeTwo() throws IOException {
    assertThat(inject("a: [")).isEqualTo(2);
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void aMissingFileIsNamed() {
    assertThat(run("-f", folder.resolve("absent.yaml").toString())).isEqualTo(2);
    assertThat(err.toString()).contains("absent.yaml: no such file");
  }

  @Test
  void aFileWithoutPodsPassesThrough() throws IOException {
    assertThat(inject("kind: Service\nmetadata: {name: s}\n")).isZero();
    assertThat(out.toString()).contains("kind: Service");
    assertThat(err.toString()).contains("no pod");
  }

  private int inject(String yaml) throws IOException {
    Path file = Files.writeString(folder.resolve("in.yaml"), yaml);
    return run("-f", file.toString());
  }

  private int run(String... arguments) {
    return new CommandLine(new InjectCommand())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(arguments);
  }
}
