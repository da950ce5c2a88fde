package dev.tandem.cli.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class PlacementCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... arguments) {
    return new CommandLine(new PlacementCommand())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(arguments);
  }

  @Test
  void jsonIsOneObjectALineWithExactlyTheDocumentedKeys() throws Exception {
    int exit =
        run(
            "--cluster",
            "medium",
            "--groups",
            "2",
            "--gpus",
            "4",
            "--policy",
            "tandem",
            "--policy",
            "default",
            "--seed",
            "1-2",
            "--json");

    assertThat(exit).isZero();
    List<String> lines = out.toString().lines().toList();
    assertThat(lines).hasSize(4);
    JsonNode first = new ObjectMapper().readTree(lines.getFirst());
    assertThat(first.fieldNames())
        .toIterable()
        .containsExactly(
            "policy",
            "nodes",
            "seed",
            "groups",
            "groupsComplete",
            "inNvlinkDomain",
            "inLeaf",
            "meanTransferMillis",
            "minBandwidthGigabytesPerSecond",
            "spineShare",
            "largestFreeBlock",
            "podsStuck",
            "millisPerPod");
    assertThat(first.path("policy").asText()).isEqualTo("tandem");
    assertThat(first.path("nodes").asInt()).isEqualTo(8);
  }

  @Test
  void withoutJsonItIsATable() {
    assertThat(run("--cluster", "large", "--groups", "3")).isZero();

    assertThat(out.toString().lines()).hasSize(9).first().asString().startsWith("POLICY");
  }

  @ParameterizedTest
  @CsvSource({
    "--policy, best, 'policy: best; accepted: tandem, default'",
    "--busy, 1.5, '--busy: 1.5; accepted: 0 to 1'",
    "--seed, 5-1, '--seed: 5-1; accepted'",
    "--seed, x, '--seed: x; accepted'",
    "--cluster, huge, '--cluster: huge; accepted: fragmented'",
    "--workload, 9p, '--workload: 9p; accepted: 2p2d'",
    "--model, gpt-1, '--model: gpt-1; accepted'",
    "--cost, free, '--cost: free; accepted: line-rate, calibrated'",
    "--nodes, 0, 'nodes: 0; accepted: 1 to 10000'",
    "--leaf, 40, 'leaf: 40; accepted: a multiple of nvlink-domain, which is 16'",
    "--groups, 0, 'groups: 0; accepted: 1 to 20000'",
    "--policy, optimum, '256 nodes; accepted: at most 12'",
  })
  void aBadValueIsNamedWithWhatIsAccepted(String flag, String value, String message) {
    assertThat(run(flag, value)).isEqualTo(CommandLine.ExitCode.USAGE);

    assertThat(err.toString()).contains(message);
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void aNamedClusterRefusesSizesOfItsOwn() {
    assertThat(run("--cluster", "nvl72", "--nodes", "20")).isEqualTo(CommandLine.ExitCode.USAGE);

    assertThat(err.toString()).contains("--cluster nvl72 has its own sizes");
  }
}
