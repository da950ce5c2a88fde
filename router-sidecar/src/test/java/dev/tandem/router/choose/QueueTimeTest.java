package dev.tandem.router.choose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class QueueTimeTest {
  private static final EngineSpeed SPEED = new EngineSpeed(8000, 0.010);
  private static final EngineLoad TWO = new EngineLoad(12_000, 2, 0);

  @Test
  void whatIsDoneOfThePromptBeingComputedIsNotWaitedFor() {
    assertThat(SPEED.queue(TWO)).isEqualTo(1.52, within(1e-9));
    assertThat(SPEED.queue(TWO.computing(8000, 0.4))).isEqualTo(1.12, within(1e-9));
  }

  @Test
  void aPromptThatTakesLongerThanPredictedCountsAsDoneAndNoMore() {
    assertThat(SPEED.queue(TWO.computing(8000, 99))).isEqualTo(0.51, within(1e-9));
  }
}
