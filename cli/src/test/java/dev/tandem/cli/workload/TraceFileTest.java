package dev.tandem.cli.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TraceFileTest {

  private static final String FIRST =
      "{\"timestamp\": 0, \"input_length\": 700, \"output_length\": 5, \"hash_ids\": [0, 1]}\n";
  private static final String SECOND =
      "{\"timestamp\": 0, \"input_length\": 512, \"output_length\": 6, \"hash_ids\": [0]}\n";
  private static final String THIRD =
      "{\"timestamp\": 2000, \"input_length\": 513, \"output_length\": 7, \"hash_ids\": [0, 2]}\n";

  @TempDir Path directory;

  @Test
  void aPlainTraceIsReadInOrder() throws IOException {
    List<TraceRequest> requests = TraceFile.read(file(FIRST + SECOND + THIRD), 100);

    assertThat(requests).extracting(TraceRequest::outputTokens).containsExactly(5, 6, 7);
    assertThat(requests.getFirst().hashIds()).containsExactly(0L, 1L);
  }

  @Test
  void aGzippedTraceIsReadToo() throws IOException {
    Path file = directory.resolve("trace.jsonl.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write((FIRST + THIRD).getBytes(StandardCharsets.UTF_8));
    }

    assertThat(TraceFile.read(file, 100)).hasSize(2);
  }

  @Test
  void requestsOfOneStampAreSpreadUntilTheNext() throws IOException {
    List<TraceRequest> requests = TraceFile.read(file(FIRST + SECOND + THIRD), 100);

    assertThat(requests).extracting(TraceRequest::atSeconds).containsExactly(0.0, 1.0, 2.0);
  }

  @Test
  void noMoreRequestsThanAskedForAreRead() throws IOException {
    List<TraceRequest> requests = TraceFile.read(file(FIRST + SECOND + THIRD), 2);

    assertThat(requests).extracting(TraceRequest::atSeconds).containsExactly(0.0, 1.0);
  }

  @Test
  void aLineThatIsNotJsonIsNamed() throws IOException {
    Path file = file(FIRST + "{\"timestamp\": 0,\n");

    assertThatThrownBy(() -> TraceFile.read(file, 100))
        .isInstanceOf(TraceFile.BadTraceException.class)
        .hasMessageContaining("line 2")
        .hasMessageContaining("not JSON");
  }

  @Test
  void anUnknownKeyIsRefused() throws IOException {
    Path file = file(FIRST.replace("output_length", "output"));

    assertThatThrownBy(() -> TraceFile.read(file, 100))
        .hasMessageContaining("line 1")
        .hasMessageContaining(
            "accepted: exactly [hash_ids, input_length, output_length, timestamp]");
  }

  @Test
  void aPromptWhoseBlocksDoNotFitItsLengthIsRefused() throws IOException {
    Path file = file(FIRST.replace("[0, 1]", "[0, 1, 2]"));

    assertThatThrownBy(() -> TraceFile.read(file, 100))
        .hasMessageContaining("line 1: 3 hash_ids: an input_length of 700 has 2 blocks");
  }

  @Test
  void timeThatRunsBackIsRefused() throws IOException {
    Path file = file(THIRD + FIRST);

    assertThatThrownBy(() -> TraceFile.read(file, 100)).hasMessageContaining("line 2: timestamp");
  }

  @Test
  void anEmptyFileIsRefused() throws IOException {
    Path file = file("");

    assertThatThrownBy(() -> TraceFile.read(file, 100)).hasMessageContaining("no request");
  }

  private Path file(String text) throws IOException {
    return Files.writeString(directory.resolve("trace.jsonl"), text);
  }
}
