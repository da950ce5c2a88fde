package dev.tandem.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class GroupSizeTest {

  @Test
  void aLongValueIsCutInTheReason() {
    assertThat(GroupSize.parse("x".repeat(100_000)))
        .isInstanceOfSatisfying(
            GroupSize.Invalid.class,
            invalid -> assertThat(invalid.reason()).hasSizeLessThan(300).contains("prefill"));
  }

  @Test
  void spoiltSizesAreReadAsTheyAreWrittenOrRefused() {
    long seed = Long.getLong("tandem.seed", 11);
    Random random = new Random(seed);
    String spice = "prefilldecodetargetdraftboth=,=,=, -+0123456789\n\u0663\ud800\u00a0";
    for (int round = 0; round < 20_000; round++) {
      StringBuilder text = new StringBuilder("prefill=2,decode=16,target=1");
      for (int i = random.nextInt(4); i > 0; i--) {
        int at = random.nextInt(text.length());
        if (random.nextBoolean()) {
          text.insert(at, spice.charAt(random.nextInt(spice.length())));
        } else {
          text.delete(at, Math.min(text.length(), at + 1 + random.nextInt(6)));
        }
      }
      switch (GroupSize.parse(text.toString())) {
        case GroupSize.Valid(GroupSize size) ->
            assertThat(GroupSize.parse(size.toString()))
                .as("seed %d: %s", seed, text)
                .isEqualTo(new GroupSize.Valid(size));
        case GroupSize.Invalid(String reason) ->
            assertThat(reason).as("seed %d: %s", seed, text).isNotBlank().hasSizeLessThan(300);
      }
    }
  }
}
