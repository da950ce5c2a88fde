package dev.tandem.router.choose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class CachePressureTest {

  @Test
  void withoutLossACachedTokenIsWorthWhatComputingItTakes() {
    CachePressure pressure = new CachePressure(64);
    assertThat(pressure.weight()).isEqualTo(1);

    pressure.seen(100, 0);
    assertThat(pressure.weight()).isEqualTo(1);
  }

  @Test
  void theWeightGrowsWithTheShareOfBlocksThatWereLost() {
    CachePressure pressure = new CachePressure(64);
    for (int i = 0; i < 100; i++) {
      pressure.seen(100, 25);
    }

    assertThat(pressure.share()).isEqualTo(0.25, within(1e-9));
    assertThat(pressure.weight()).isEqualTo(2.5, within(1e-9));
  }

  @Test
  void whatWasLostLongAgoIsForgotten() {
    CachePressure pressure = new CachePressure(512);
    pressure.seen(100, 100);
    for (int i = 0; i < 300; i++) {
      pressure.seen(100, 0);
    }

    assertThat(pressure.share()).isLessThan(0.001);
  }

  @Test
  void aPromptWithoutBlocksChangesNothing() {
    CachePressure pressure = new CachePressure(64);
    pressure.seen(10, 5);
    pressure.seen(0, 0);

    assertThat(pressure.share()).isEqualTo(0.5);
  }

  @Test
  void moreLostThanThereAreIsRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> new CachePressure(64).seen(1, 2));
  }
}
