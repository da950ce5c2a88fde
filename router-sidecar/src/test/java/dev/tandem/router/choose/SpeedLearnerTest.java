package dev.tandem.router.choose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Percentage.withPercentage;

import org.junit.jupiter.api.Test;

class SpeedLearnerTest {

  private final SpeedLearner learner = new SpeedLearner(EngineSpeed.PRIOR);

  @Test
  void theSpeedOfWhatWasSeenIsLearnt() {
    for (int i = 0; i < 100; i++) {
      learner.observed(10 * i, 10 * i + 0.010 + 1, 4000);
    }
    assertThat(learner.speed().tokensPerSecond()).isCloseTo(4000, withPercentage(1));
  }

  @Test
  void aPromptThatWaitedIsNotTakenForASlowOne() {
    for (int i = 0; i < 100; i++) {
      learner.observed(0, (i + 1) * 0.51, 4000); // all there at once, served in turn
    }
    assertThat(learner.speed().tokensPerSecond()).isCloseTo(8000, withPercentage(2));
  }

  @Test
  void oneOutlierMovesLittle() {
    learner.observed(0, 1e-6, 100_000);
    assertThat(learner.speed().tokensPerSecond()).isBetween(8000.0, 9000.0);
    learner.observed(100, 200, 300);
    assertThat(learner.speed().tokensPerSecond()).isBetween(6000.0, 9000.0);
  }

  @Test
  void shortPromptsTellNothing() {
    learner.observed(0, 5, 10);
    assertThat(learner.speed()).isEqualTo(EngineSpeed.PRIOR);
  }
}
