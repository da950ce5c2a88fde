package dev.tandem.router.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EngineWatchTest {

  private final Told listener = new Told();
  private final EngineWatch watch = new EngineWatch(listener);

  private static EngineSample sample(double running, double promptTokens, double transfers) {
    return new EngineSample(
        running,
        1,
        0.5,
        1000,
        16,
        0,
        promptTokens,
        new TransferTotals(transfers, transfers, 0, 10 * transfers, transfers),
        0,
        0);
  }

  @Test
  void aChangeIsToldOnce() {
    assertThat(watch.read(sample(3, 0, 0))).isTrue();
    assertThat(watch.read(sample(3, 0, 0))).isFalse();
    assertThat(watch.read(sample(4, 0, 0))).isTrue();
    assertThat(listener.told)
        .containsExactly(
            new EngineStatus(3, 1, 0.5, false, 16_000, 16),
            new EngineStatus(4, 1, 0.5, false, 16_000, 16));
  }

  @Test
  void ranksAreToldWhenThereAreMore() {
    for (int ranks : new int[] {2, 2, 1, 4}) {
      watch.read(
          new EngineSample(0, 1, 0.5, 1000, 16, 0, Double.NaN, TransferTotals.NONE, ranks, 0));
    }
    assertThat(listener.told)
        .containsExactly("2 ranks", new EngineStatus(0, 1, 0.5, false, 16_000, 16), "4 ranks");
  }

  @Test
  void transfersAreToldByWhatWasAdded() {
    watch.read(sample(0, 0, 5));
    watch.read(sample(0, 0, 7));
    assertThat(listener.told).contains(new TransferTotals(2, 2, 0, 20, 2));
  }

  @Test
  void anEngineThatCountsFromTheBeginningHasRestarted() {
    watch.read(sample(0, 100, 5));
    watch.read(sample(0, 250, 5));
    watch.read(sample(0, 10, 1));
    assertThat(listener.told)
        .containsSubsequence("worked", "restarted", new TransferTotals(1, 1, 0, 10, 1));
  }

  @Test
  void aReadingWithoutTheGaugesChangesNothingAndIsCounted() {
    watch.read(sample(3, 0, 0));
    watch.read(sample(Double.NaN, 0, 0));
    assertThat(listener.told).hasSize(1);
    assertThat(watch.unusable()).isEqualTo(1);
  }

  @Test
  void whatAReadingLeavesOutStaysAsItWas() {
    watch.read(sample(3, 0, 0));
    watch.read(
        new EngineSample(
            4,
            1,
            Double.NaN,
            Double.NaN,
            Double.NaN,
            Double.NaN,
            Double.NaN,
            TransferTotals.NONE,
            0,
            0));
    assertThat(listener.told).contains(new EngineStatus(4, 1, 0.5, false, 16_000, 16));
  }

  @Test
  void afterStaleMetricsTheNextReadingIsTold() {
    watch.read(sample(3, 0, 0));
    watch.stale();
    watch.read(sample(3, 0, 0));
    assertThat(listener.told).hasSize(3).contains("stale");
  }
}
