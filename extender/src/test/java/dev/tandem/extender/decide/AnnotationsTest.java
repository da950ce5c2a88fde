package dev.tandem.extender.decide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.api.Keys;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Pods that went past the webhook carry anything. */
class AnnotationsTest {
  private static final List<String> KEYS =
      List.of(
          Keys.ROLE,
          Keys.GROUP,
          Keys.GROUP_SIZE,
          Keys.MODEL,
          Keys.KV_BYTES_PER_TOKEN,
          Keys.TOPOLOGY);

  private static final List<String> VALUES =
      List.of(
          "prefill",
          "both",
          "g",
          "",
          " ",
          "prefill=2,decode=1",
          "m/l",
          "163840",
          "-1",
          "99999999999999999999",
          "preferred",
          "required:leaf",
          "required:",
          "required:rack",
          "\u0000",
          "\ud800",
          "x".repeat(100_000));

  @Test
  void anyValueIsUsedOrIgnoredWithAReasonThatFitsAnEvent() {
    long seed = Long.getLong("tandem.seed", 5);
    Random random = new Random(seed);
    for (int round = 0; round < 5_000; round++) {
      Map<String, String> annotations = new HashMap<>();
      for (String key : KEYS) {
        if (random.nextInt(3) > 0) {
          String value = VALUES.get(random.nextInt(VALUES.size()));
          int cut = random.nextInt(4) == 0 ? random.nextInt(value.length() + 1) : value.length();
          annotations.put(key, value.substring(0, cut));
        }
      }
      PodFacts.Ask ask = Annotations.read(annotations, Map.of(Keys.INJECT, "true"));
      assertThat(ask).as("seed %d: %s", seed, annotations.keySet()).isNotNull();
      if (ask != null && ask.problem() != null) {
        assertThat(ask.problem()).as("seed %d", seed).isNotBlank().hasSizeLessThan(1_000);
      }
    }
  }
}
