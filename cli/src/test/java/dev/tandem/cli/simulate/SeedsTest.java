package dev.tandem.cli.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SeedsTest {
  @Test
  void singleSeedsAndRangesAreReadInOrder() {
    assertThat(Seeds.of(List.of("7", "1-3"))).containsExactly(7L, 1L, 2L, 3L);
  }

  @Test
  void anyTextIsEitherSeedsOrAnErrorThatNamesIt() {
    String letters = "0123456789--- x.";
    for (int seed = 0; seed < 5_000; seed++) {
      Random random = new Random(seed);
      StringBuilder text = new StringBuilder();
      for (int i = random.nextInt(22); i >= 0; i--) {
        text.append(letters.charAt(random.nextInt(letters.length())));
      }
      try {
        assertThat(Seeds.of(List.of(text.toString())))
            .as("seed %d: %s", seed, text)
            .isNotEmpty()
            .hasSizeLessThanOrEqualTo(Seeds.MOST);
      } catch (IllegalArgumentException e) {
        assertThat(e).as("seed %d", seed).hasMessageContaining("--seed: " + text);
      }
    }
  }
}
