package dev.tandem.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class PlaceCommandTest {
  private static final String CLUSTER =
      """
      nodes:
        - {names: 'a[0-1]', nvlink: n0, leaf: l0, gpus: 8, used: 4}
        - {names: 'b[0-3]', nvlink: n1, leaf: l0, gpus: 8}
      """;

  private static final String CHAT =
      """
      apiVersion: v1
      kind: Service
      metadata: {name: chat}
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: chat-p, namespace: llm}
      spec:
        replicas: 2
        template:
          metadata:
            annotations:
              production-stack.vllm.ai/role: prefill
              production-stack.vllm.ai/group: chat
              production-stack.vllm.ai/group-size: prefill=2,decode=1
          spec:
            containers:
              - name: vllm
                args: [--model=meta-llama/Llama-3.1-8B-Instruct]
                resources: {limits: {nvidia.com/gpu: "8"}}
      ---
      apiVersion: v1
      kind: Pod
      metadata:
        name: chat-d
        namespace: llm
        annotations:
          production-stack.vllm.ai/role: decode
          production-stack.vllm.ai/group: chat
      spec:
        containers:
          - name: vllm
            resources: {limits: {nvidia.com/gpu: "8"}}
      """;

  @TempDir private Path folder = Path.of("");
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int place(String cluster, String pods, String... more) throws Exception {
    Path topology = Files.writeString(folder.resolve("cluster.yaml"), cluster);
    Path workloads = Files.writeString(folder.resolve("pods.yaml"), pods);
    String[] arguments = new String[4 + more.length];
    arguments[0] = "--topology";
    arguments[1] = topology.toString();
    arguments[2] = "--pods";
    arguments[3] = workloads.toString();
    System.arraycopy(more, 0, arguments, 4, more.length);
    return new CommandLine(new PlaceCommand())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(arguments);
  }

  @Test
  void eachPodIsPrintedWithItsNodeTransferAndReason() throws Exception {
    assertThat(place(CLUSTER, CHAT)).isZero();
    assertThat(out.toString().lines())
        .hasSize(4)
        .anyMatch(line ->
            line.startsWith("llm/chat-d")
                && line.contains("decode")
                && line.contains(" ms")
                && line.contains("whole in NVLink domain n1 (450 GB/s), 3 nodes"));
  }

  /** docs/placement.md tells what becomes of its example; see its command. */
  @Test
  void theDocumentedExampleComesOutAsItIsShown() throws Exception {
    Path docs = Path.of("..", "docs", "placement");
    Path picture = folder.resolve("example.svg");
    int exit =
        new CommandLine(new PlaceCommand())
            .setOut(new PrintWriter(out))
            .execute(
                "--topology",
                docs.resolve("cluster.yaml").toString(),
                "--pods",
                docs.resolve("pods.yaml").toString(),
                "--picture",
                picture.toString());
    assertThat(exit).isZero();
    assertThat(picture).hasSameBinaryContentAs(docs.resolve("example.svg"));
    List<String> rows =
        Files.readAllLines(Path.of("..", "docs", "placement.md")).stream()
            .filter(line -> line.startsWith("| `"))
            .toList();
    assertThat(rows).hasSize(3);
    for (String row : rows) {
      String group = row.substring(3, row.indexOf('`', 3));
      String transfer = row.substring(row.lastIndexOf('|', row.length() - 2) + 1).replace("|", "");
      assertThat(out.toString().lines().filter(line -> line.startsWith("llm/" + group + "-")))
          .isNotEmpty()
          .allMatch(line -> line.contains(" " + transfer.strip() + " "));
    }
  }

  @Test
  void aFileThatIsNotThereIsSaid() throws Exception {
    String none = folder.resolve("none").toString();
    CommandLine command = new CommandLine(new PlaceCommand()).setErr(new PrintWriter(err));
    assertThat(command.execute("--topology", none, "--pods", none)).isEqualTo(2);
    Path topology = Files.writeString(folder.resolve("cluster.yaml"), CLUSTER);
    assertThat(command.execute("--topology", topology.toString(), "--pods", none)).isEqualTo(2);
    assertThat(err.toString().lines().filter(line -> line.contains(none + ": no such file")))
        .hasSize(2);
  }

  @Test
  void jsonHoldsTheSame() throws Exception {
    assertThat(place(CLUSTER, CHAT, "--json")).isZero();
    JsonNode list = new ObjectMapper().readTree(out.toString());
    assertThat(list).hasSize(3);
    assertThat(list.get(0).path("locality").asText()).contains("nvlink=n1@450/mnnvl");
    assertThat(list.get(0).path("predictedTransferMillis").asDouble()).isPositive();
  }

  @Test
  void aPodWithoutRoomIsNamedAndTheExitCodeSaysSo() throws Exception {
    assertThat(place("nodes:\n  - {names: a, gpus: 8}\n", CHAT)).isEqualTo(1);
    assertThat(out.toString()).contains("no node has 8 free GPUs");
  }

  @Test
  void aBrokenTopologyIsRefusedWithFileAndKey() throws Exception {
    assertThat(place("nodes:\n  - {names: a, rack: 3}\n", CHAT)).isEqualTo(2);
    assertThat(err.toString()).contains("cluster.yaml").contains("rack");
  }

  @Test
  void aFileWithoutPodsIsRefused() throws Exception {
    assertThat(place(CLUSTER, "kind: Service\n")).isEqualTo(2);
    assertThat(err.toString()).contains("pods.yaml: no pod and no pod template found");
  }
}
