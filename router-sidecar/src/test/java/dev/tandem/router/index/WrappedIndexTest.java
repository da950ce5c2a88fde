package dev.tandem.router.index;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.router.prefix.PrefixBlocks;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class WrappedIndexTest {

  private static final long[] PROMPT = PrefixBlocks.of(new int[128], 7);

  @Test
  void aTracedIndexTellsWhatItIsAskedAndTold() {
    List<String> lines = new ArrayList<>();
    AtomicLong clock = new AtomicLong();
    PrefixIndex index =
        new TracedIndex(new MixedIndex(100), lines::add, () -> clock.getAndAdd(5_000));
    index.stored("e", Tier.GPU, PROMPT);
    assertThat(index.arrived(PROMPT).blocks("e")).isEqualTo(2);
    index.add("e", PROMPT);
    index.release("e", PROMPT);
    index.removed("e", Tier.GPU, PROMPT);
    index.clear("e");
    String upTo = "2 blocks to " + Long.toHexString(PROMPT[1]);
    assertThat(lines)
        .containsExactly(
            "stored e " + upTo + " in GPU",
            "arrived " + upTo + ": longest 2, lost 0, 5 us",
            "promised e " + upTo,
            "over e " + upTo,
            "removed e " + upTo + " from GPU",
            "clear e");
  }

  @Test
  void aMeteredIndexCountsAPromptWhenItComesAndNotWhenItIsLookedUpAgain() {
    List<Long> asked = new ArrayList<>();
    List<Long> found = new ArrayList<>();
    List<Long> lost = new ArrayList<>();
    PrefixIndex index =
        new MeteredIndex(new ApproximateIndex(100), asked::add, found::add, lost::add);
    index.add("e", new long[] {PROMPT[0]});
    index.arrived(PROMPT);
    index.match(PROMPT);
    index.match(PROMPT);
    assertThat(asked).containsExactly(2L);
    assertThat(found).containsExactly(1L);
    assertThat(lost).containsExactly(0L);
  }
}
