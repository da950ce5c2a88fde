package dev.tandem.extender.record;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DurationsTest {
  @Test
  void quantilesAreAtMostASixteenthTooHigh() {
    Durations durations = new Durations();
    for (int i = 1; i <= 1_000; i++) {
      durations.add(i * 1_000L);
    }
    assertThat(durations.quantile(0.5)).isBetween(500_000L, 531_250L);
    assertThat(durations.quantile(0.99)).isBetween(990_000L, 1_051_875L);
    assertThat(durations.quantile(1)).isGreaterThanOrEqualTo(1_000_000L);
  }

  @Test
  void everyLongHasABucket() {
    Durations durations = new Durations();
    for (long value : new long[] {0, 1, 15, 16, 17, 31, 32, Long.MAX_VALUE, -5}) {
      durations.add(value);
    }
    assertThat(durations.count()).isEqualTo(9);
    assertThat(durations.quantile(0)).isZero();
    assertThat(durations.quantile(1)).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void noneAtAllIsZero() {
    assertThat(new Durations().quantile(0.99)).isZero();
  }
}
