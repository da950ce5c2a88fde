package dev.tandem.router.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ApproximateIndexTest {

  private final ApproximateIndex index = new ApproximateIndex(4);

  private static long[] blocks(long... hashes) {
    return hashes;
  }

  @Test
  void onlyLeadingBlocksCount() {
    index.add("a", blocks(1, 2, 3));
    assertThat(index.leadingBlocks("a", blocks(1, 2, 9, 3))).isEqualTo(2);
    assertThat(index.leadingBlocks("a", blocks(9, 1))).isZero();
    assertThat(index.leadingBlocks("b", blocks(1))).isZero();
  }

  @Test
  void aChainLosesItsEndFirst() {
    index.add("a", blocks(1, 2, 3, 4));
    index.add("a", blocks(5));
    assertThat(index.leadingBlocks("a", blocks(1, 2, 3, 4))).isEqualTo(3);
  }

  @Test
  void anEngineHoldsNoMoreThanItsBound() {
    for (int i = 0; i < 1000; i++) {
      index.add("a", LongStream.range(i * 10L, i * 10L + 10).toArray());
    }
    assertThat(index.size()).isEqualTo(4);
  }

  @Test
  void aClearedEngineHoldsNothingAndOthersKeepTheirs() {
    index.add("a", blocks(1));
    index.add("b", blocks(1));
    index.clear("a");
    assertThat(index.leadingBlocks("a", blocks(1))).isZero();
    assertThat(index.leadingBlocks("b", blocks(1))).isEqualTo(1);
  }

  @Test
  void recentBlocksComeOldestFirst() {
    index.add("a", blocks(1, 2, 3));
    assertThat(index.recent("a", 2)).containsExactly(2, 1);
    assertThat(index.recent("a", 9)).containsExactly(3, 2, 1);
  }

  @Test
  void itBehavesAsAnOrderedSetDoes() {
    long seed = 20_261;
    Random random = new Random(seed);
    RecentBlocks blocks = new RecentBlocks(100);
    LinkedHashSet<Long> oracle = new LinkedHashSet<>();
    for (int i = 0; i < 50_000; i++) {
      // Few homes, so that chains of collisions form and are taken apart.
      long hash = random.nextInt(20) + ((long) random.nextInt(20) << 40);
      blocks.touch(hash);
      oracle.remove(hash);
      oracle.add(hash);
      if (oracle.size() > 100) {
        oracle.remove(oracle.getFirst());
      }
      long probe = random.nextInt(20) + ((long) random.nextInt(20) << 40);
      assertThat(blocks.contains(probe))
          .as("seed %s step %s", seed, i)
          .isEqualTo(oracle.contains(probe));
    }
    List<Long> order = new ArrayList<>();
    LongStream.of(blocks.recent(100)).forEach(order::add);
    assertThat(order).containsExactlyElementsOf(oracle);
  }
}
