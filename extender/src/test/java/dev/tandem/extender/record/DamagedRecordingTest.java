package dev.tandem.extender.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Recordings are read whatever is in them: what is damaged is named, the rest runs. */
class DamagedRecordingTest {
  @TempDir Path folder;
  private Path segment = Path.of("");
  private int answered;

  @BeforeEach
  void record() throws IOException {
    Scenario scenario = new Scenario(folder, 64L << 20, 42, 32);
    scenario.groups(6);
    scenario.recorder().close();
    answered = scenario.answered();
    List<Path> files = Ring.files(folder);
    for (Path extra : files.subList(0, files.size() - 1)) {
      Files.delete(extra);
    }
    segment = files.getLast();
  }

  private List<String> lines() throws IOException {
    try (GZIPInputStream in = new GZIPInputStream(Files.newInputStream(segment))) {
      return new ArrayList<>(
          new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList());
    }
  }

  private void rewrite(List<String> lines) throws IOException {
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(segment))) {
      out.write((String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
    }
  }

  private SegmentResult replay() throws Exception {
    List<SegmentResult> results = new ArrayList<>();
    new Replay(folder, Replay.Change.none()).run(1, results::add);
    assertThat(results).hasSize(1);
    return results.getFirst();
  }

  @Test
  void aTornFileIsReadAsFarAsItGoes() throws Exception {
    SegmentResult whole = replay();
    byte[] bytes = Files.readAllBytes(segment);
    Files.write(segment, Arrays.copyOf(bytes, bytes.length * 3 / 4));
    SegmentResult torn = replay();
    assertThat(torn.calls()).isPositive().isLessThan(whole.calls());
    assertThat(torn.same()).isEqualTo(torn.calls());
    assertThat(torn.damages()).allMatch(damage -> damage.problem().contains("torn"));
  }

  @Test
  void aPlainSegmentIsReadToo() throws Exception {
    Path plain = folder.resolve("tandem-20250101T000000.000Z.jsonl");
    Files.write(plain, lines());
    Files.delete(segment);
    assertThat(replay().same()).isPositive().isLessThanOrEqualTo(answered);
  }

  @Test
  void garbageIsNamedBySegmentAndLineAndTheRestIsRun() throws Exception {
    SegmentResult whole = replay();
    List<String> lines = lines();
    int last = lines.size() - 1;
    lines.add(last, "{\"e\":\"filter\",\"seq\":");
    lines.add(last, "\u0000\u0001 garbage");
    lines.add(last, "{\"e\":\"no such thing\"}");
    lines.add(last, "null");
    lines.add(last, "{\"e\":\"candidates\",\"id\":7,\"nodes\":\"3-1\"}");
    rewrite(lines);
    SegmentResult result = replay();
    assertThat(result.calls()).isEqualTo(whole.calls());
    assertThat(result.damages()).hasSize(5);
    assertThat(result.damages().getFirst().segment()).startsWith("tandem-");
    assertThat(result.damages().getFirst().line()).isEqualTo(last + 1);
    assertThat(result.damages().getFirst().problem())
        .contains("nodes '3-1'; accepted: numbers below");
  }

  @Test
  void aSegmentWithoutABeginningIsPassedOver() throws Exception {
    rewrite(lines().subList(1, 20));
    SegmentResult result = replay();
    assertThat(result.calls()).isZero();
    assertThat(result.damages().getFirst().problem()).contains("does not begin with a start line");
  }

  @Test
  void aSegmentOfAnotherFormatIsRefused() throws Exception {
    List<String> lines = lines();
    lines.set(0, lines.getFirst().replace("\"format\":1", "\"format\":99"));
    rewrite(lines);
    assertThat(replay().damages().getFirst().problem()).contains("format 99; accepted: 1");
  }

  @Test
  void aLineOfManyMegabytesCostsNoMemoryAndNoOtherLine() throws Exception {
    SegmentResult whole = replay();
    List<String> lines = lines();
    lines.add(lines.size() - 1, "x".repeat(SegmentReader.MOST_LINE + 10));
    rewrite(lines);
    SegmentResult result = replay();
    assertThat(result.calls()).isEqualTo(whole.calls());
    assertThat(result.damages().getFirst().problem()).contains("more than");
  }

  @Test
  void aFileThatIsNotPackedIsNamed() throws Exception {
    Files.writeString(segment, "this is no gzip");
    assertThat(replay().damages().getFirst().problem()).contains("not a gzip file");
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void seededGarbageNeverStopsARun(long seed) throws Exception {
    Random random = new Random(seed);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (String line : lines()) {
      byte[] garbled = line.getBytes(StandardCharsets.UTF_8);
      if (random.nextInt(10) == 0 && bytes.size() > 0) {
        switch (random.nextInt(5)) {
          case 0 -> garbled[random.nextInt(garbled.length)] = (byte) random.nextInt(256);
          case 1 -> garbled = Arrays.copyOf(garbled, random.nextInt(garbled.length));
          case 2 -> random.nextBytes(garbled);
          case 3 -> garbled = new byte[0];
          default ->
              garbled =
                  line.replaceAll("[0-9]+", Integer.toString(random.nextInt()))
                      .getBytes(StandardCharsets.UTF_8);
        }
      }
      bytes.write(garbled);
      bytes.write('\n');
    }
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(segment))) {
      bytes.writeTo(out);
    }
    SegmentResult result = replay();
    assertThat(result.damaged()).as("seed %d", seed).isPositive();
    assertThat(result.differences())
        .as("seed %d", seed)
        .allMatch(difference -> difference.afterDamage() || difference.line() > 0);
  }

  @ParameterizedTest
  @ValueSource(longs = {21, 22, 23, 24, 25})
  void seededGarbageInPackedBytesNeverStopsARun(long seed) throws Exception {
    Random random = new Random(seed);
    byte[] bytes = Files.readAllBytes(segment);
    for (int i = 0; i < 3; i++) {
      bytes[random.nextInt(bytes.length)] ^= (byte) (1 + random.nextInt(255));
    }
    Files.write(segment, bytes);
    SegmentResult result = replay();
    assertThat(result.calls()).as("seed %d", seed).isLessThanOrEqualTo(answered);
  }
}
