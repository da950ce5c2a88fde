package dev.tandem.extender.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NodeSetsTest {
  @Test
  void aSetIsWrittenAsRanges() {
    BitSet set = new BitSet();
    set.set(0, 32);
    set.set(40);
    set.set(42, 44);
    assertThat(NodeSets.text(set)).isEqualTo("0-31,40,42-43");
    assertThat(NodeSets.text(new BitSet())).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void whatIsWrittenIsReadBack(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < 200; i++) {
      BitSet set = new BitSet();
      for (int n = random.nextInt(50); n > 0; n--) {
        int from = random.nextInt(6_000);
        set.set(from, from + random.nextInt(40));
      }
      assertThat(NodeSets.parse(NodeSets.text(set))).as("seed %d", seed).isEqualTo(set);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"x", "-1", "3-1", "1,,2", "1-", "0-99999999", "99999999999", "1 2", ",", "1-2-3"})
  void anythingElseIsRefusedWithWhatIsAccepted(String text) {
    assertThatThrownBy(() -> NodeSets.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("accepted: numbers below");
  }
}
