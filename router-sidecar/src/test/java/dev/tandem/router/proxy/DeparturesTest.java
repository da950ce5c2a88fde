package dev.tandem.router.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class DeparturesTest {

  private static final long SECOND = 1_000_000_000L;

  private final Departures departures = new Departures();

  @Test
  void withoutEndsNothingIsSaid() {
    for (int i = 0; i < 3; i++) {
      departures.ended(i * SECOND);
    }
    assertThat(departures.seconds(10, 3 * SECOND)).isZero();
  }

  @Test
  void twoASecondTakeFiveSecondsForTen() {
    for (int i = 0; i < 200; i++) {
      departures.ended(i * SECOND / 2);
    }
    assertThat(departures.seconds(10, 100 * SECOND)).isCloseTo(5, within(0.01));
  }

  @Test
  void aStandstillMakesItLonger() {
    for (int i = 0; i < 8; i++) {
      departures.ended(0);
    }
    assertThat(departures.seconds(1, 0)).isZero();
    assertThat(departures.seconds(1, 80 * SECOND)).isCloseTo(10, within(0.01));
  }
}
