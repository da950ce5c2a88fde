package dev.tandem.router.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PauseTest {

  private static final long SECOND = 1_000_000_000L;

  private final Pause pause = new Pause();

  @Test
  void twoFailuresAreNoReasonToStop() {
    pause.failed(false, 0);
    pause.failed(false, 1);
    assertThat(pause.over(2)).isTrue();
  }

  @Test
  void theThirdIsForASecondAndTheNextForTwo() {
    for (int i = 0; i < 3; i++) {
      pause.failed(false, i);
    }
    assertThat(pause.over(SECOND)).isFalse();
    assertThat(pause.over(SECOND + 2)).isTrue();
    pause.failed(false, 2 * SECOND);
    assertThat(pause.over(4 * SECOND - 1)).isFalse();
    assertThat(pause.over(4 * SECOND)).isTrue();
  }

  @Test
  void whatWasAskedBeforeDoesNotProlongIt() {
    for (int i = 0; i < 64; i++) {
      pause.failed(false, 0);
    }
    assertThat(pause.over(SECOND)).isTrue();
  }

  @Test
  void aMissingEndpointIsLookedForAgainAndNeverLaterThanTenMinutes() {
    long now = 0;
    pause.failed(true, now);
    assertThat(pause.over(30 * SECOND - 1)).isFalse();
    assertThat(pause.over(30 * SECOND)).isTrue();
    for (int i = 0; i < 100; i++) {
      now += 600 * SECOND;
      assertThat(pause.over(now)).isTrue();
      pause.failed(true, now);
    }
    assertThat(pause.over(now + 600 * SECOND - 1)).isFalse();
  }
}
