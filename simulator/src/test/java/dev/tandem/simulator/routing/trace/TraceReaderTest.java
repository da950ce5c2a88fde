package dev.tandem.simulator.routing.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TraceReaderTest {
  private static final String GOOD =
      "{\"timestamp\":0,\"input_length\":600,\"output_length\":5,\"hash_ids\":[7,8]}\n";

  @TempDir private Path folder;

  private Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  @Test
  void blocksAreNumberedByTheirText() throws Exception {
    Trace trace =
        TraceReader.read(
            file(
                "mooncake_small_trace.jsonl",
                GOOD
                    + "{\"timestamp\":1000,\"input_length\":1000,\"output_length\":5,"
                    + "\"hash_ids\":[7,\"x\"],\"note\":1}\n"));

    assertThat(trace.name()).isEqualTo("small");
    assertThat(trace.distinctBlocks()).isEqualTo(3);
    assertThat(trace.request(1).blocks()).containsExactly(0, 2);
    assertThat(trace.arrival(1)).isEqualTo(1);
  }

  @Test
  void aCoarseClockIsSpreadUntilTheNextStampOverAtMostThreeSeconds() throws Exception {
    String late = GOOD.replace(":0,", ":60000,");
    Trace trace = TraceReader.read(file("t.jsonl", GOOD + GOOD + late + late));

    assertThat(trace.arrival(1)).isEqualTo(1.5, within(1e-9));
    assertThat(trace.arrival(3)).isEqualTo(61.5, within(1e-9));
  }

  @Test
  void gzipIsToldByItsFirstBytesWhateverTheName() throws Exception {
    Path file = folder.resolve("t.jsonl");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write(GOOD.getBytes(StandardCharsets.UTF_8));
    }

    assertThat(TraceReader.read(file).size()).isEqualTo(1);
  }

  @Test
  void aTurnFollowsTheOneBeforeItInItsSession() throws Exception {
    String turn =
        GOOD.replace("}", ",\"session_id\":\"a\",\"gap_s\":2.5}").replace("\"timestamp\":0,", "");
    Trace trace = TraceReader.read(file("t.jsonl", turn + turn));

    assertThat(trace.request(0).followsAnother()).isFalse();
    assertThat(trace.request(1).gapSeconds()).isEqualTo(2.5);
    assertThat(trace.request(1).session()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "not json | not JSON",
        "[1] | not a JSON object",
        "{\"input_length\":1,\"output_length\":1,\"hash_ids\":[1]} | timestamp is missing",
        "{\"timestamp\":-1,\"input_length\":1,\"output_length\":1,\"hash_ids\":[]} | timestamp is -1",
        "{\"timestamp\":1,\"input_length\":0,\"output_length\":1,\"hash_ids\":[]} | input_length 0; accepted: 1",
        "{\"timestamp\":1,\"output_length\":1,\"hash_ids\":[]} | input_length is missing",
        "{\"timestamp\":1,\"input_length\":9,\"output_length\":1.5,\"hash_ids\":[]} | output_length is 1.5",
        "{\"timestamp\":1,\"input_length\":9,\"output_length\":1,\"hash_ids\":7} | hash_ids is 7",
        "{\"timestamp\":1,\"input_length\":9,\"output_length\":1,\"hash_ids\":[null]} | hash id null",
        "{\"timestamp\":1,\"input_length\":9,\"output_length\":1,\"hash_ids\":[1,2]} | at most 1",
        "{\"timestamp\":1,\"input_length\":9,\"output_length\":1,\"hash_ids\":[],\"gap_s\":1} | gap_s without session_id",
        "{\"timestamp\":1,\"input_length\":9,\"output_length\":1,\"hash_ids\":[],\"session_id\":1,\"gap_s\":-1} | gap_s is -1",
      })
  void aBadLineIsNamedWithItsNumberAndWhatIsAccepted(String line, String problem)
      throws IOException {
    Path file = file("t.jsonl", GOOD + line + "\n");

    assertThatThrownBy(() -> TraceReader.read(file))
        .isInstanceOf(BadTrace.class)
        .hasMessageContaining("t.jsonl line 2: ")
        .hasMessageContaining(problem)
        .hasMessageContaining("accepted:");
  }

  @Test
  void timeThatRunsBackwardsIsRefused() throws IOException {
    Path file = file("t.jsonl", GOOD.replace(":0,", ":5,") + GOOD);

    assertThatThrownBy(() -> TraceReader.read(file)).hasMessageContaining("earlier than the line");
  }

  @Test
  void aCutGzipAnEmptyAndAMissingFileAreRefused() throws IOException {
    Path whole = folder.resolve("whole.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(whole))) {
      out.write(GOOD.repeat(999).getBytes(StandardCharsets.UTF_8));
    }
    Path cut = folder.resolve("cut.gz");
    Files.write(cut, Arrays.copyOf(Files.readAllBytes(whole), 40));

    assertThatThrownBy(() -> TraceReader.read(cut)).hasMessageContaining("broken gzip");
    assertThatThrownBy(() -> TraceReader.read(file("empty", "")))
        .hasMessageContaining("no request");
    assertThatThrownBy(() -> TraceReader.read(folder.resolve("none")))
        .isInstanceOf(BadTrace.class)
        .hasMessageContaining("no such file");
  }
}
