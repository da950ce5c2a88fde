package dev.tandem.cli.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class RoutingCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir private Path folder;
  private Path trace = Path.of("");

  @BeforeEach
  void aSmallTrace() throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 40; i++) {
      lines.append(
          "{\"timestamp\":%d,\"input_length\":1500,\"output_length\":20,\"hash_ids\":[0,%d,%d]}%n"
              .formatted(300 * i, 1 + i % 5, 100 + i));
    }
    trace = Files.writeString(folder.resolve("small.jsonl"), lines.toString());
  }

  private int run(String... arguments) {
    List<String> all = new ArrayList<>(List.of("--trace", trace.toString()));
    all.addAll(List.of(arguments));
    return bare(all.toArray(String[]::new));
  }

  private int bare(String... arguments) {
    return new CommandLine(new RoutingCommand())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(arguments);
  }

  @Test
  void jsonIsOneObjectACellWithExactlyTheDocumentedKeys() throws Exception {
    int exit =
        run(
            "--instances",
            "2",
            "--instances",
            "4",
            "--policy",
            "tandem",
            "--policy",
            "gie_p3_q2_k2",
            "--json");

    assertThat(exit).isZero();
    List<String> lines = out.toString().lines().toList();
    assertThat(lines).hasSize(4);
    JsonNode first = new ObjectMapper().readTree(lines.getFirst());
    assertThat(first.fieldNames())
        .toIterable()
        .containsExactly(
            "policy",
            "trace",
            "instances",
            "cacheBlocks",
            "load",
            "hit",
            "ttftMean",
            "ttftP50",
            "ttftP90",
            "ttftP99",
            "imbalance");
    assertThat(first.path("policy").asText()).isEqualTo("tandem");
    assertThat(first.path("trace").asText()).isEqualTo("small");
    assertThat(first.path("instances").asInt()).isEqualTo(2);
    assertThat(first.path("cacheBlocks").asInt()).isEqualTo(1000);
    assertThat(first.path("load").asDouble()).isEqualTo(0.9);
  }

  @Test
  void withoutJsonItIsATableOfEveryPolicy() {
    assertThat(run()).isZero();

    assertThat(out.toString().lines()).hasSize(1 + 24).first().asString().startsWith("POLICY");
  }

  @Test
  void whatDiffersFromTheReferenceModelIsSwitchedByFlags() {
    assertThat(
            run(
                "--split",
                "2x2",
                "--cluster",
                "nvl72",
                "--step-tokens",
                "2048",
                "--routers",
                "3",
                "--stale-ms",
                "50",
                "--lost",
                "0.1",
                "--restart-every",
                "30",
                "--down",
                "1",
                "--slow-share",
                "0.5"))
        .isZero();

    assertThat(out.toString().lines()).hasSize(1 + 3);
    assertThat(out.toString()).contains("decode_first_labels");
  }

  @Test
  void theBenchmarkWritesItsPageAndPicture() throws IOException {
    assertThat(run("--benchmark", "--output", folder.toString())).isZero();

    assertThat(folder.resolve("routing.md")).content().contains("| small, N=8 C=1000 load 0.9 |");
    assertThat(folder.resolve("routing-policies.svg")).content().startsWith("<svg");
    assertThat(err.toString().lines()).hasSize(182).last().asString().startsWith("182 of 182: ");
  }

  @Test
  void theBenchmarkRefusesFlagsThatSayWhatToRun() {
    assertThat(run("--benchmark", "--seed", "2")).isEqualTo(CommandLine.ExitCode.USAGE);

    assertThat(err.toString())
        .contains("accepted with it: --trace, --output, and none of [--seed]");
  }

  @ParameterizedTest
  @CsvSource({
    "--policy, best, 'policy: best; accepted: tandem'",
    "--policy, decode_first_labels, 'accepted without --split: tandem, random'",
    "--seed, x, '--seed: x; accepted'",
    "--instances, 0, 'instances 0; accepted: 1 to 1024'",
    "--cache-blocks, 0, 'cache-blocks 0; accepted: 1 or more'",
    "--load, -1, 'load -1.0; accepted: above 0'",
    "--routers, 0, 'routers 0; accepted: 1 to 1024'",
    "--lost, 1, 'lost 1.0; accepted: 0 to below 1'",
    "--step-tokens, 3, 'step-tokens 3; accepted: 0, or 256'",
    "--split, 3, '--split: 3; accepted: prefill x decode engines'",
    "--cluster, large, 'accepted: only with --split'",
    "--slow-factor, 0.5, 'factor 0.5; accepted'",
    "--output, x, '--output: x; accepted: only with --benchmark'",
  })
  void aBadValueIsNamedWithWhatIsAccepted(String flag, String value, String message) {
    assertThat(run(flag, value)).isEqualTo(CommandLine.ExitCode.USAGE);

    assertThat(err.toString()).contains(message);
  }

  @Test
  void aTraceIsNeededAndAMissingOneIsNamed() {
    assertThat(bare()).isEqualTo(CommandLine.ExitCode.USAGE);
    assertThat(bare("--trace", "no/such.jsonl")).isEqualTo(CommandLine.ExitCode.USAGE);

    assertThat(err.toString())
        .contains("--trace is missing")
        .contains("no/such.jsonl: no such file");
  }
}
