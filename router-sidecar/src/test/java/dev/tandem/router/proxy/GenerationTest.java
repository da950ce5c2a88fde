package dev.tandem.router.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import org.junit.jupiter.api.Test;

class GenerationTest {

  private long now;
  private final Generation generation = new Generation(() -> now);

  private void at(long millis, String chunk) {
    now = millis * 1_000_000;
    generation.chunk(Buffer.buffer(chunk));
  }

  @Test
  void eventsAreCountedHoweverTheyAreCutUp() {
    at(0, "data: a\n\ndata: b\n");
    at(100, "\nda");
    at(200, "ta: c\r\n\r\n");
    at(300, "data: d\n\n");
    assertThat(generation.gaps()).isEqualTo(3);
    assertThat(generation.seconds()).isEqualTo(0.3);
  }

  @Test
  void oneEventHasNoGaps() {
    at(5, "data: a\n\n");
    assertThat(generation.gaps()).isZero();
    assertThat(generation.seconds()).isZero();
  }
}
