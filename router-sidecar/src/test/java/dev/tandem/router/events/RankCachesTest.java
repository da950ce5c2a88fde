package dev.tandem.router.events;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.router.index.Tier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RankCachesTest {

  private final RecordedDeltas together = new RecordedDeltas();
  private final RankCaches caches = new RankCaches(together);
  private final CacheDeltas zero = caches.rank(0);
  private final CacheDeltas one = caches.rank(1);

  @BeforeEach
  void twoRanksThatTell() {
    caches.several();
    zero.started();
    one.started();
  }

  private static long[] blocks(long... hashes) {
    return hashes;
  }

  @Test
  void aBlockIsHeldUntilTheLastRankDropsIt() {
    zero.stored(Tier.GPU, blocks(1, 2));
    one.stored(Tier.GPU, blocks(2, 3));
    assertThat(together.held(Tier.GPU)).containsExactly(1, 2, 3);
    zero.removed(Tier.GPU, blocks(1, 2));
    assertThat(together.held(Tier.GPU)).containsExactly(2, 3);
    one.removed(Tier.GPU, blocks(2));
    assertThat(together.held(Tier.GPU)).containsExactly(3);
  }

  @Test
  void aRankThatBeginsAnewTakesOnlyItsOwn() {
    zero.stored(Tier.GPU, blocks(1, 2));
    zero.stored(Tier.CPU, blocks(7));
    one.stored(Tier.GPU, blocks(2, 3));
    zero.started();
    assertThat(together.held(Tier.GPU)).containsExactly(2, 3);
    assertThat(together.held(Tier.CPU)).isEmpty();
  }

  @Test
  void aRankThatTellsAgainMakesUpForWhatWasForgotten() {
    one.stored(Tier.GPU, blocks(5));
    together.started(); // the engine restarted, and one rank is heard of sooner than the other
    zero.started();
    zero.stored(Tier.GPU, blocks(5));
    one.started();
    assertThat(together.held(Tier.GPU)).containsExactly(5);
  }

  @Test
  void oneRankAloneIsPassedOn() {
    RecordedDeltas alone = new RecordedDeltas();
    CacheDeltas only = new RankCaches(alone).rank(0);
    only.started();
    only.stored(Tier.GPU, blocks(1));
    only.started();
    assertThat(alone.starts()).isEqualTo(2);
    assertThat(alone.held(Tier.GPU)).isEmpty();
  }
}
