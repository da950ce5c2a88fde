package dev.tandem.standin.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.standin.events.KvEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class BlockCacheTest {
  private final List<KvEvent> events = new ArrayList<>();
  private final BlockHasher hasher = new BlockHasher(4, "0");
  private final BlockCache cache = new BlockCache(8, true, events::add);

  @Test
  void aComputedPrefixIsFoundAgain() {
    compute(prompt(1, 2, 3)).release();

    assertThat(admit(prompt(1, 2, 9)).cachedTokens()).isEqualTo(8);
  }

  @Test
  void reservedBlocksAreNotFoundBeforeTheyAreComputed() {
    admit(prompt(1, 2, 3));

    assertThat(cache.reusable(prompt(1, 2, 3))).isZero();
  }

  @Test
  void theLastTokenOfAPromptIsAlwaysComputed() {
    compute(prompt(1, 2)).release();

    assertThat(admit(prompt(1, 2)).cachedBlocks()).isEqualTo(1);
  }

  @Test
  void tailsAreEvictedBeforeTheirHeads() {
    compute(prompt(1, 2, 3, 4)).release();
    compute(prompt(5, 6, 7, 8, 9)).release();

    assertThat(cache.reusable(prompt(1, 2, 3, 4, 0))).isEqualTo(3);
  }

  @Test
  void theLeastRecentlyReleasedPromptIsEvictedFirst() {
    compute(prompt(1, 2, 3, 4)).release();
    compute(prompt(5, 6, 7, 8)).release();
    admit(prompt(1, 2, 3, 4, 0)).release();

    compute(prompt(10, 11)).release();

    assertThat(cache.reusable(prompt(1, 2, 3, 4, 0))).isEqualTo(4);
    assertThat(cache.reusable(prompt(5, 6, 7, 8, 0))).isEqualTo(2);
  }

  @Test
  void heldBlocksAreNeverEvicted() {
    Hold held = compute(prompt(1, 2, 3, 4, 5));

    assertThat(cache.admit(prompt(10, 11, 12, 13))).isNull();
    held.release();
    assertThat(cache.admit(prompt(10, 11, 12, 13))).isNotNull();
  }

  @Test
  void aRefusedPromptChangesNothing() {
    compute(prompt(1, 2)).release();
    Hold held = admit(prompt(20, 21, 22, 23, 24));
    events.clear();

    assertThat(cache.admit(prompt(1, 2, 30, 31, 32))).isNull();

    assertThat(events).isEmpty();
    assertThat(cache.held()).isEqualTo(5);
    assertThat(held.missingBlocks()).isEqualTo(5);
  }

  @Test
  void twoRequestsThatComputeTheSameBlocksShareThem() {
    Hold first = admit(prompt(1, 2, 3));
    Hold second = admit(prompt(1, 2, 3));
    first.complete();
    second.complete();

    assertThat(cache.held()).isEqualTo(3);
    assertThat(second.blockIds()).containsExactly(first.blockIds());
  }

  @Test
  void releasedReservationsAreFreeAtOnce() {
    Hold hold = admit(prompt(1, 2, 3));

    hold.release();
    hold.release();

    assertThat(cache.held()).isZero();
    assertThat(events).isEmpty();
  }

  @Test
  void storedBlocksAreAnnouncedWithParentAndTokens() {
    compute(prompt(1, 2)).release();
    events.clear();
    Prompt longer = prompt(1, 2, 3, 4);

    compute(longer);

    assertThat(events)
        .singleElement()
        .isInstanceOfSatisfying(
            KvEvent.BlockStored.class,
            stored -> {
              assertThat(stored.parent()).isEqualTo(longer.hashes()[1]);
              assertThat(stored.hashes()).containsExactly(longer.hashes()[2], longer.hashes()[3]);
              assertThat(stored.tokens()).containsExactly(3, 3, 3, 3, 4, 4, 4, 4);
            });
  }

  @Test
  void withoutPrefixCachingNothingIsKept() {
    BlockCache off = new BlockCache(8, false, events::add);
    Hold hold = Objects.requireNonNull(off.admit(prompt(1, 2)));
    hold.complete();
    hold.release();

    assertThat(off.reusable(prompt(1, 2, 3))).isZero();
    assertThat(events).isEmpty();
  }

  @Test
  void clearingIsRefusedWhileBlocksAreHeld() {
    Hold hold = compute(prompt(1, 2));

    assertThat(cache.clear()).isFalse();
    hold.release();
    assertThat(cache.clear()).isTrue();
    assertThat(events).last().isEqualTo(new KvEvent.AllBlocksCleared());
  }

  /** A prompt of full blocks, each of four times one token. */
  private Prompt prompt(int... blocks) {
    int[] tokens = new int[blocks.length * 4];
    for (int i = 0; i < tokens.length; i++) {
      tokens[i] = blocks[i / 4];
    }
    return hasher.prompt(tokens, null, null);
  }

  private Hold admit(Prompt prompt) {
    return Objects.requireNonNull(cache.admit(prompt), "no room");
  }

  private Hold compute(Prompt prompt) {
    Hold hold = admit(prompt);
    hold.complete();
    return hold;
  }
}
