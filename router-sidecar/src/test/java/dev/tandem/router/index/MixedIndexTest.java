package dev.tandem.router.index;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.router.prefix.PrefixBlocks;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MixedIndexTest {

  private static final long SEED = PrefixBlocks.seed("m", null);
  private static final long[] TOKENS = PrefixBlocks.of(IntStream.range(0, 640).toArray(), SEED);
  private static final long[] TEXT = PrefixBlocks.of(new byte[2_560], SEED);

  private final MixedIndex index = new MixedIndex(100);

  private static long[] first(long[] hashes, int count) {
    return java.util.Arrays.copyOf(hashes, count);
  }

  @Test
  void anEngineThatIsSilentIsTakenToHoldWhatItWasSent() {
    index.add("a", TOKENS);
    assertThat(index.exact("a")).isFalse();
    assertThat(index.leadingBlocks("a", TOKENS)).isEqualTo(10);
  }

  @Test
  void anEngineThatSpeaksHoldsWhatItSays() {
    index.add("a", TOKENS);
    index.stored("a", Tier.GPU, first(TOKENS, 4));
    assertThat(index.exact("a")).isTrue();
    assertThat(index.leadingBlocks("a", TOKENS)).isEqualTo(4);
    index.removed("a", Tier.GPU, new long[] {TOKENS[3], TOKENS[2]});
    assertThat(index.leadingBlocks("a", TOKENS)).isEqualTo(2);
  }

  @Test
  void whatItWasSentCountsUntilTheRequestIsOver() {
    index.stored("a", Tier.GPU, first(TOKENS, 4));
    index.add("a", TOKENS);
    assertThat(index.leadingBlocks("a", TOKENS)).isEqualTo(10);
    index.release("a", TOKENS);
    assertThat(index.leadingBlocks("a", TOKENS)).isEqualTo(4);
  }

  @Test
  void anExactIndexCountsWhatASilentEngineWasSentUntilItIsOver() {
    ExactIndex exact = new ExactIndex(100);
    assertThat(exact.add("a", TOKENS)).isTrue();
    assertThat(exact.leadingBlocks("a", TOKENS)).isEqualTo(10);
    exact.release("a", TOKENS);
    assertThat(exact.leadingBlocks("a", TOKENS)).isZero();
  }

  @Test
  void aPromptKnownAsTextOnlyIsLookedUpInWhatWasRouted() {
    index.stored("a", Tier.GPU, first(TOKENS, 4));
    index.add("a", TEXT);
    index.release("a", TEXT);
    assertThat(index.leadingBlocks("a", TEXT)).isEqualTo(10);
  }

  @Test
  void aSlowerTierIsWorthLess() {
    index.stored("a", Tier.GPU, first(TOKENS, 2));
    index.stored("a", Tier.CPU, first(TOKENS, 4));
    index.stored("b", Tier.DISK, first(TOKENS, 4));
    Matches matches = index.match(TOKENS);
    assertThat(matches.blocks("a")).isEqualTo(4);
    assertThat(matches.worth("a")).isEqualTo(3.5);
    assertThat(matches.blocks("b")).isEqualTo(4);
    assertThat(matches.worth("b")).isEqualTo(1);
  }

  @Test
  void aBlockStaysUntilItIsGoneFromEveryTier() {
    index.stored("a", Tier.GPU, first(TOKENS, 2));
    index.stored("a", Tier.CPU, first(TOKENS, 2));
    index.removed("a", Tier.GPU, first(TOKENS, 2));
    assertThat(index.match(TOKENS).worth("a")).isEqualTo(1.5);
    index.removed("a", Tier.CPU, first(TOKENS, 2));
    assertThat(index.match(TOKENS).worth("a")).isZero();
  }

  @Test
  void aClearedEngineIsApproximateUntilItSpeaksAgain() {
    index.stored("a", Tier.GPU, TOKENS);
    index.clear("a");
    assertThat(index.exact("a")).isFalse();
    assertThat(index.leadingBlocks("a", TOKENS)).isZero();
    index.stored("a", Tier.GPU, new long[0]);
    assertThat(index.exact("a")).isTrue();
  }

  @Test
  void anEngineThatIsGoneLeavesNothingToWhoComesNext() {
    index.stored("a", Tier.GPU, TOKENS);
    index.add("a", TEXT);
    index.forget("a");
    index.add("b", first(TOKENS, 1));
    assertThat(index.leadingBlocks("b", TOKENS)).isEqualTo(1);
    assertThat(index.leadingBlocks("b", TEXT)).isZero();
    assertThat(index.size()).isEqualTo(1);
  }
}
