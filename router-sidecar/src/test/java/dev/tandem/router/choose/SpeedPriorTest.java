package dev.tandem.router.choose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Percentage.withPercentage;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SpeedPriorTest {

  @ParameterizedTest
  @CsvSource({
    "meta-llama/Llama-3.1-70B-Instruct, 70",
    "llama-3-8b, 8",
    "mistralai/Mixtral-8x7B, 14",
    "Qwen/Qwen3-30B-A3B, 3",
    "openai/gpt-oss-120b, 120",
    "Qwen2.5-0.5B, 3"
  })
  void aModelsSpeedFollowsFromTheSizeInItsName(String model, double billions) {
    EngineSpeed speed = SpeedPrior.of(model);
    assertThat(speed.tokensPerSecond()).isCloseTo(8000 * 70 / billions, withPercentage(0.1));
    assertThat(speed.secondsPerToken()).isCloseTo(0.025 * billions / 70, withPercentage(0.1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "llama", "deepseek-ai/DeepSeek-V3", "model-v2beta", "x8bits"})
  void aNameWithoutASizeIsTheReferenceModel(String model) {
    assertThat(SpeedPrior.of(model)).isEqualTo(EngineSpeed.PRIOR);
  }

  @Test
  void whatWasSeenReplacesThePrior() {
    SpeedLearner learner = new SpeedLearner(SpeedPrior.of("llama-3-8b"));
    for (int i = 0; i < 9; i++) {
      learner.generated(100, 100 * 0.05);
    }
    assertThat(learner.speed().secondsPerToken()).isCloseTo(0.05, withPercentage(0.1));
  }
}
