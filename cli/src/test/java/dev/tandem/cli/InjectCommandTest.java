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
  void eachObjectOfAListHasItsOwnNameAndNamespace() throws IOException {
    String list =
        """
        apiVersion: v1
        kind: List
        metadata: {resourceVersion: ""}
        items:
        """
            + item("team-a", "v0.26.0")
            + item("team-b", "v0.20.0");
    assertThat(inject(list)).isZero();
    assertThat(err.toString())
        .contains("Pod/in-team-a: injected", "Pod/in-team-b: injected")
        .doesNotContain("differ");
  }

  @Test
  void whereNobodyOptedInTheNextStepIsSaid() throws IOException {
    assertThat(inject(POD.replace("inject: \"true\"", "other: x"))).isZero();
    assertThat(err.toString())
        .contains("Pod/llama: skipped, not_opted_in", "label the pod template", "--opted-in");
  }

  /** Of one group each, whose engines could not exchange a cache. */
  private static String item(String namespace, String version) {
    return """
    - kind: Pod
      apiVersion: v1
      metadata:
        name: in-%1$s
        namespace: %1$s
        labels: {production-stack.vllm.ai/inject: "true"}
        annotations: {production-stack.vllm.ai/role: prefill, production-stack.vllm.ai/group: g}
      spec:
        containers: [{name: vllm, image: "vllm/vllm-openai:%2$s", args: [--model, m]}]
    """
        .formatted(namespace, version);
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

  @Test
  void aFileInWhichNothingChangesKeepsItsComments() throws IOException {
    String refused = "# mine\n" + POD.replace("ROLE", "worker");
    assertThat(inject(refused)).isEqualTo(1);
    assertThat(out.toString()).isEqualTo(refused);
  }

  @Test
  void aFileMayBeNamedWithoutItsFlagButOnlyOnce() throws IOException {
    String file =
        Files.writeString(folder.resolve("pod.yaml"), POD.replace("ROLE", "both")).toString();
    assertThat(run(file)).isZero();
    assertThat(out.toString()).contains("name: tandem-router");
    assertThat(run(file, "-f", file)).isEqualTo(2);
    assertThat(err.toString()).contains("one file is needed");
  }

  @Test
  void aFileThatIsNoTextIsRefused() throws IOException {
    Path file = Files.write(folder.resolve("utf16.yaml"), new byte[] {(byte) 0xFF, (byte) 0xFE});
    assertThat(run(file.toString())).isEqualTo(2);
    assertThat(err.toString()).contains("accepted is text in UTF-8");
  }

  @Test
  void anOptionThatIsWrongIsNotBlamedOnTheFile() throws IOException {
    String file = Files.writeString(folder.resolve("pod.yaml"), POD).toString();
    assertThat(run("-f", file, "--assume-vllm", "newest")).isEqualTo(2);
    assertThat(err.toString()).contains("vLLM version: \"newest\"").doesNotContain("pod.yaml");
  }

  @Test
  void podsOfOneGroupThatWouldNotPairAreNoted() throws IOException {
    String pod =
        """
        kind: Pod
        metadata:
          name: ROLE
          labels: {production-stack.vllm.ai/inject: "true"}
          annotations: {production-stack.vllm.ai/role: ROLE, production-stack.vllm.ai/group: g}
        spec:
          containers: [{name: vllm, image: "vllm/vllm-openai:v0.26.0", args: [--model, MODEL]}]
        ---
        """;
    String prefill = pod.replace("ROLE", "prefill").replace("MODEL", "org/m");
    String decode = pod.replace("ROLE", "decode");
    assertThat(inject(prefill + decode.replace("MODEL", "/models/m"))).isZero();
    assertThat(err.toString()).contains("note: group default/g", "Pod/prefill", "Pod/decode");
    err.getBuffer().setLength(0);
    assertThat(inject(prefill + decode.replace("MODEL", "org/m"))).isZero();
    assertThat(err.toString()).doesNotContain("note:");
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
