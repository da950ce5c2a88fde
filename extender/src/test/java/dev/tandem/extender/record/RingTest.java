package dev.tandem.extender.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RingTest {
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
  private static final int SIZE = 4_000;

  @TempDir Path folder;

  private Ring at(Instant time) throws IOException {
    return new Ring(folder, 2 * SIZE + 1_000, Clock.fixed(time, ZoneOffset.UTC));
  }

  /** Adds a segment and trims, as the writer does when it closes one. */
  private Path add(Ring ring) throws IOException {
    List<Path> before = Ring.files(folder);
    ring.open().close();
    List<Path> added = new ArrayList<>(Ring.files(folder));
    added.removeAll(before);
    Path file = added.getFirst();
    Files.write(file, new byte[SIZE]);
    ring.trim();
    return file;
  }

  @Test
  void namesGoOnWhereTheyEndedWhenTheClockIsSetBackAnHour() throws Exception {
    add(at(NOON));
    Ring back = at(NOON.minus(Duration.ofHours(1)));
    List<Path> written = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      written.add(add(back));
    }
    assertThat(written).isSorted();
    assertThat(written.getFirst().getFileName())
        .hasToString("tandem-20260101T120000.001Z.jsonl.gz");
    assertThat(Ring.files(folder))
        .as("the newest two, no stale one")
        .isEqualTo(written.subList(3, 5));
  }

  @Test
  void namesSayTheTimeAgainOnceTheClockHasCaughtUp() throws Exception {
    add(at(NOON));
    add(at(NOON.minusSeconds(1)));
    assertThat(add(at(NOON.plusSeconds(1))).getFileName())
        .hasToString("tandem-20260101T120001.000Z.jsonl.gz");
  }

  @Test
  void aNameThatSaysNoTimeIsPassedOver() throws Exception {
    Files.write(folder.resolve("tandem-zzz.jsonl"), new byte[1]);
    assertThat(add(at(NOON)).getFileName()).hasToString("tandem-20260101T120000.000Z.jsonl.gz");
  }

  @Test
  void theBoundHoldsWhereNewerNamesStandBesideTheOneBeingWritten() throws Exception {
    Ring ring = at(NOON);
    Path mine = add(ring);
    for (int i = 1; i < 5; i++) {
      Files.write(
          folder.resolve("tandem-2027010%dT000000.000Z.jsonl.gz".formatted(i)), new byte[SIZE]);
    }
    ring.trim();
    assertThat(Ring.files(folder)).hasSize(2).contains(mine);
  }
}
