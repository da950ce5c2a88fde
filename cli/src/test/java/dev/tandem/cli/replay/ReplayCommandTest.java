package dev.tandem.cli.replay;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.api.Keys;
import dev.tandem.api.Level;
import dev.tandem.api.TransferCost;
import dev.tandem.extender.decide.Annotations;
import dev.tandem.extender.decide.ClusterFeed;
import dev.tandem.extender.decide.ClusterPicture;
import dev.tandem.extender.decide.Decider;
import dev.tandem.extender.decide.Decision;
import dev.tandem.extender.decide.Decisions;
import dev.tandem.extender.decide.Journal;
import dev.tandem.extender.decide.NodeState;
import dev.tandem.extender.decide.PodFacts;
import dev.tandem.extender.record.Configuration;
import dev.tandem.extender.record.Recorder;
import dev.tandem.extender.record.Subject;
import dev.tandem.topology.facts.LinkSpeeds;
import dev.tandem.topology.facts.NodeFacts;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ReplayCommandTest {
  @TempDir Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  /** Two groups of two pods on four nodes in two domains. */
  @BeforeEach
  void record() throws IOException {
    Configuration configuration =
        new Configuration(
            Decider.Limits.defaults(), LinkSpeeds.defaults(), TransferCost.defaults());
    Recorder recorder = new Recorder(folder, 16L << 20, Clock.systemUTC());
    ClusterPicture picture = new ClusterPicture(LinkSpeeds.defaults(), recorder.clock());
    Decider decider = new Decider(picture, new Journal(), configuration.limits(), recorder.clock());
    ClusterFeed feed = recorder.feed(picture);
    Decisions decisions =
        recorder.decisions(decider, new Subject(() -> configuration, decider::handOver));
    List<String> names = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      names.add("gpu-" + i);
      feed.node(
          new NodeState(
              new NodeFacts(
                  "gpu-" + i,
                  Map.of(Level.NVLINK, "n" + i / 2, Level.LEAF, "l" + i / 2),
                  8,
                  null,
                  0,
                  List.of()),
              true,
              false,
              Map.of()));
    }
    for (String name : List.of("a-prefill", "a-decode", "b-prefill", "b-decode")) {
      PodFacts pod =
          new PodFacts(
              "uid-" + name,
              "llm",
              name,
              null,
              true,
              false,
              1_000,
              8,
              Map.of(),
              Annotations.read(
                  Map.of(
                      Keys.ROLE, name.substring(2),
                      Keys.GROUP, name.substring(0, 1),
                      Keys.GROUP_SIZE, "prefill=1,decode=1"),
                  Map.of()));
      feed.pod(pod);
      if (decisions.filter(pod, names) instanceof Decision.Chosen chosen) {
        feed.pod(pod.on(chosen.choices().getFirst().node()));
      }
    }
    recorder.close();
  }

  private int run(String... arguments) {
    return new CommandLine(new ReplayCommand())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(arguments);
  }

  @Test
  void aRecordingIsTheSameAsItself() {
    assertThat(run(folder.toString(), "--exit-code")).isZero();
    assertThat(out.toString())
        .contains("4 calls in 1 segment: 4 the same, 0 different")
        .contains("time a call: p50 ")
        .contains("calls a second");
  }

  private String otherDomains() throws IOException {
    return Files.writeString(
            folder.resolve("what-if.yaml"),
            """
            nodes:
              - {names: "gpu-[0,2]", nvlink: x0, leaf: l0, gpus: 8}
              - {names: "gpu-[1,3]", nvlink: x1, leaf: l1, gpus: 8}
            """)
        .toString();
  }

  @Test
  void otherNodesInTheTopologyFileShowWhoWouldMove() throws IOException {
    assertThat(run(folder.toString(), "--topology", otherDomains(), "--exit-code")).isEqualTo(1);
    assertThat(out.toString())
        .contains("llm/a-decode")
        .contains("better")
        .contains("NVLink domain x0");
  }

  @Test
  void differencesAreToldAsJsonLines() throws IOException {
    assertThat(run(folder.toString(), "--topology", otherDomains(), "--json")).isZero();
    List<String> lines = out.toString().lines().toList();
    JsonNode first = new ObjectMapper().readTree(lines.getFirst()).path("difference");
    assertThat(first.path("kind").asText()).isEqualTo("better");
    assertThat(first.path("now").path("node").asText())
        .isNotEqualTo(first.path("before").path("node").asText());
    JsonNode summary = new ObjectMapper().readTree(lines.getLast()).path("summary");
    assertThat(summary.path("calls").asInt()).isEqualTo(4);
    assertThat(summary.path("different").asInt()).isEqualTo(lines.size() - 1);
    assertThat(summary.path("millisPerCall").path("p99").asDouble()).isPositive();
  }

  @Test
  void aShorterListOrMoreNoiseCanBeAskedFor() {
    assertThat(run(folder.toString(), "--short-list", "1", "--noise", "0.5")).isZero();
    assertThat(out.toString()).contains("4 calls in 1 segment");
  }

  @Test
  void whatIsDamagedIsNamed() throws IOException {
    Files.writeString(folder.resolve("tandem-20250101T000000.000Z.jsonl"), "garbage\n");
    assertThat(run(folder.toString())).isZero();
    assertThat(out.toString())
        .contains("passed over: tandem-20250101T000000.000Z.jsonl line 1: ")
        .contains("4 the same");
  }

  @Test
  void aWrongFolderOrValueIsToldWithWhatIsAccepted() {
    assertThat(run(folder.resolve("nothing").toString())).isEqualTo(2);
    assertThat(err.toString()).contains("has no segment; accepted: the folder of 'tandem extender");
    assertThat(run(folder.toString(), "--noise", "7")).isEqualTo(2);
    assertThat(err.toString()).contains("--noise: 7.0; accepted: 0 to 1");
  }
}
