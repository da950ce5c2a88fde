package dev.tandem.router.index;

import static org.assertj.core.api.Assertions.assertThat;

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
  void oneLookupAnswersForEveryEngine() {
    index.add("a", blocks(1, 2, 3));
    index.add("b", blocks(1, 2));
    index.add("c", blocks(7));
    Matches matches = index.match(blocks(1, 2, 3, 4));
    assertThat(matches.blocks("a")).isEqualTo(3);
    assertThat(matches.blocks("b")).isEqualTo(2);
    assertThat(matches.blocks("c")).isZero();
    assertThat(matches.blocks("nobody")).isZero();
    assertThat(matches.longest()).isEqualTo(3);
  }

  @Test
  void aChainLosesItsEndFirst() {
    index.add("a", blocks(1, 2, 3, 4));
    index.add("a", blocks(5));
    assertThat(index.leadingBlocks("a", blocks(1, 2, 3, 4))).isEqualTo(3);
  }

  @Test
  void aPromptDoesNotPushOutItsOwnBeginning() {
    index.add("a", blocks(1, 2));
    index.add("a", blocks(5, 6));
    index.add("a", blocks(1, 2, 7, 8));
    assertThat(index.leadingBlocks("a", blocks(1, 2, 7, 8))).isEqualTo(4);
  }

  @Test
  void anEngineHoldsNoMoreThanItsBound() {
    for (int i = 0; i < 1000; i++) {
      index.add("a", LongStream.range(i * 10L, i * 10L + 10).toArray());
    }
    assertThat(index.size()).isEqualTo(4);
  }

  @Test
  void aSmallerCapacityTakesTheOldestAway() {
    index.add("a", blocks(1, 2, 3, 4));
    index.capacity("a", 2);
    assertThat(index.leadingBlocks("a", blocks(1, 2, 3, 4))).isEqualTo(2);
    index.capacity("a", 6);
    index.add("a", blocks(1, 2, 3, 4, 5, 6));
    assertThat(index.size()).isEqualTo(6);
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
  void anEngineThatComesAfterOneThatWentInheritsNothing() {
    index.add("a", blocks(1, 2));
    index.capacity("a", 2);
    index.forget("a");
    index.add("b", blocks(1, 3, 4));
    assertThat(index.leadingBlocks("b", blocks(1, 2))).isEqualTo(1);
    assertThat(index.leadingBlocks("b", blocks(1, 3, 4))).isEqualTo(3);
  }

  @Test
  void recentBlocksComeOldestFirst() {
    index.add("a", blocks(1, 2, 3));
    assertThat(index.recent("a", Tier.GPU, 2)).containsExactly(2, 1);
    assertThat(index.recent("a", Tier.GPU, 9)).containsExactly(3, 2, 1);
  }

  @Test
  void blocksThatWereHeldOnceAndAreNowhereNowAreCounted() {
    index.add("a", blocks(1, 2, 3, 4));
    index.add("a", blocks(5, 6));
    assertThat(index.match(blocks(1, 2, 3, 4, 9)).lost()).isEqualTo(2);
    assertThat(index.match(blocks(8, 9)).lost()).isZero();
    index.add("b", blocks(1, 2, 3, 4));
    assertThat(index.match(blocks(1, 2, 3, 4, 9)).lost()).isZero();
  }

  @Test
  void moreThan64EnginesAreToldApart() {
    for (int i = 0; i < 200; i++) {
      index.add("e" + i, LongStream.rangeClosed(1, 1 + i % 4).toArray());
    }
    Matches matches = index.match(blocks(1, 2, 3, 4));
    for (int i = 0; i < 200; i++) {
      assertThat(matches.blocks("e" + i)).as("engine %s", i).isEqualTo(1 + i % 4);
    }
  }

  @Test
  void enginesBeyondTheBoundAreNotIndexedAndHarmNobody() {
    for (int i = 0; i < EngineIds.MOST + 10; i++) {
      index.add("e" + i, blocks(1));
    }
    assertThat(index.size()).isEqualTo(EngineIds.MOST);
    assertThat(index.match(blocks(1)).blocks("e" + (EngineIds.MOST + 5))).isZero();
    index.forget("e3");
    index.add("late", blocks(1));
    assertThat(index.match(blocks(1)).blocks("late")).isEqualTo(1);
  }
}
