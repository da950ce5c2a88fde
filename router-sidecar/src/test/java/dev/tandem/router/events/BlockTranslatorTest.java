package dev.tandem.router.events;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.router.events.KvEvent.ExtraKey;
import dev.tandem.router.index.Tier;
import dev.tandem.router.prefix.Content;
import dev.tandem.router.prefix.PrefixBlocks;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BlockTranslatorTest {

  private static final long SEED = PrefixBlocks.seed("m", null);
  private static final int[] PROMPT = IntStream.range(500, 500 + 512).toArray();

  private final RecordedDeltas deltas = new RecordedDeltas();
  private final EventCounts counts = new EventCounts();
  private final BlockTranslator translator = new BlockTranslator("m", deltas, counts);

  private void apply(KvEvent... events) {
    translator.apply(new EventBatch(0, List.of(events), 0));
  }

  /** Blocks {@code from} to {@code to} of a prompt; the engine's hashes are 1000 and up. */
  private static KvEvent stored(int[] prompt, int size, int from, int to) {
    return stored(prompt, size, from, to, null, Tier.GPU, null, 0, null);
  }

  private static KvEvent stored(
      int[] prompt,
      int size,
      int from,
      int to,
      @Nullable String lora,
      Tier tier,
      @Nullable List<List<ExtraKey>> extras,
      int group,
      @Nullable String attention) {
    return new KvEvent.BlockStored(
        LongStream.range(1000 + from, 1000 + to).toArray(),
        from == 0 ? null : 1000L + from - 1,
        Arrays.copyOfRange(prompt, from * size, to * size),
        size,
        lora,
        tier,
        extras,
        group,
        attention);
  }

  private static KvEvent removed(long... hashes) {
    return new KvEvent.BlockRemoved(hashes, Tier.GPU, 0);
  }

  private static long[] first(int count) {
    return Arrays.copyOf(PrefixBlocks.of(PROMPT, SEED), count);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 16, 32, 48, 64, 128, 256})
  void theBlocksOfAnyEngineBecomeTheRoutersOwn(int size) {
    apply(stored(PROMPT, size, 0, 512 / size));
    assertThat(deltas.held(Tier.GPU)).isEqualTo(first(512 / size * size / 64));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 16, 48, 128})
  void blocksThatComeOneByOneAreTheSame(int size) {
    for (int i = 0; i < 512 / size; i++) {
      apply(stored(PROMPT, size, i, i + 1));
    }
    assertThat(deltas.held(Tier.GPU)).isEqualTo(first(512 / size * size / 64));
  }

  @Test
  void aBlockIsHeldUntilTheOneThatCompletesItGoes() {
    apply(stored(PROMPT, 16, 0, 12));
    apply(removed(1011));
    assertThat(deltas.held(Tier.GPU)).isEqualTo(first(2));
    apply(removed(1010, 1009, 1008, 1007));
    assertThat(deltas.held(Tier.GPU)).isEqualTo(first(1));
  }

  @Test
  void promptsPartWithinABlock() {
    apply(stored(PROMPT, 16, 0, 8));
    int[] other = PROMPT.clone();
    other[112] = 7;
    apply(
        new KvEvent.BlockStored(
            new long[] {5},
            1006L,
            Arrays.copyOfRange(other, 112, 128),
            16,
            null,
            Tier.GPU,
            null,
            0,
            null));
    assertThat(deltas.held(Tier.GPU))
        .containsExactly(
            first(2)[0], first(2)[1], PrefixBlocks.of(Arrays.copyOf(other, 128), SEED)[1]);
  }

  @Test
  void adaptersAndSaltsSeedTheirOwnChains() {
    List<List<ExtraKey>> extras = new ArrayList<>();
    extras.add(List.of(new ExtraKey.Text("lora"), new ExtraKey.Text("salt")));
    for (int i = 1; i < 8; i++) {
      extras.add(List.of(new ExtraKey.Text("lora")));
    }
    apply(stored(PROMPT, 16, 0, 8, "lora", Tier.GPU, extras, 0, null));
    assertThat(deltas.held(Tier.GPU))
        .isEqualTo(PrefixBlocks.of(Arrays.copyOf(PROMPT, 128), PrefixBlocks.seed("lora", "salt")));
  }

  @Test
  void anImageMakesTheSameBlocksAsInTheRequest() {
    // It lies on tokens 70 to 99, so in the engine's blocks 4, 5 and 6.
    List<List<ExtraKey>> extras = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      extras.add(i >= 4 && i <= 6 ? List.of(new ExtraKey.Item("img", 70 - 16 * i)) : List.of());
    }
    long[] wanted =
        PrefixBlocks.of(
            Arrays.copyOf(PROMPT, 192), List.of(new Content(Content.hash("img"), 70, 30)), SEED);
    apply(stored(PROMPT, 16, 0, 12, null, Tier.GPU, extras, 0, null));
    assertThat(deltas.held(Tier.GPU)).isEqualTo(wanted);
  }

  @Test
  void anImageInBlocksThatComeOneByOneIsTheSameToo() {
    long[] wanted =
        PrefixBlocks.of(
            Arrays.copyOf(PROMPT, 192), List.of(new Content(Content.hash("img"), 70, 30)), SEED);
    for (int i = 0; i < 12; i++) {
      List<List<ExtraKey>> extras =
          i >= 4 && i <= 6
              ? List.of(List.of(new ExtraKey.Item("img", 70 - 16 * i)))
              : List.of(List.of());
      apply(stored(PROMPT, 16, i, i + 1, null, Tier.GPU, extras, 0, null));
    }
    assertThat(deltas.held(Tier.GPU)).isEqualTo(wanted);
  }

  @Test
  void aConnectorThatMovesBlocksNamesOnlyTheirHashes() {
    apply(stored(PROMPT, 16, 0, 8));
    apply(
        new KvEvent.BlockStored(
            LongStream.range(1000, 1008).toArray(),
            null,
            new int[0],
            16,
            null,
            Tier.CPU,
            null,
            0,
            null));
    apply(removed(LongStream.range(1000, 1008).toArray()));
    assertThat(deltas.held(Tier.GPU)).isEmpty();
    assertThat(deltas.held(Tier.CPU)).isEqualTo(first(2));
  }

  @Test
  void ofAHybridModelTheGroupOfFullAttentionIsHeard() {
    apply(stored(PROMPT, 16, 0, 4, null, Tier.GPU, null, 0, "sliding_window"));
    assertThat(deltas.held(Tier.GPU)).hasSize(1);
    apply(stored(PROMPT, 16, 0, 8, null, Tier.GPU, null, 1, "full_attention"));
    apply(stored(PROMPT, 16, 8, 12, null, Tier.GPU, null, 0, "sliding_window"));
    apply(removed(1007)); // of group 0
    assertThat(deltas.held(Tier.GPU)).isEqualTo(first(2));
  }

  @Test
  void blocksAfterAnUnknownOneAreCountedAndNotGuessed() {
    apply(stored(PROMPT, 16, 4, 8));
    assertThat(deltas.held(Tier.GPU)).isEmpty();
    assertThat(counts.orphans()).isEqualTo(4);
  }

  @Test
  void aClearedCacheHoldsNothing() {
    apply(stored(PROMPT, 16, 0, 8), new KvEvent.AllBlocksCleared());
    assertThat(deltas.held(Tier.GPU)).isEmpty();
    assertThat(translator.size()).isZero();
  }

  @Test
  void anEventWhoseTokensDoNotFitIsCounted() {
    apply(
        new KvEvent.BlockStored(
            new long[] {1, 2}, null, new int[31], 16, null, Tier.GPU, null, 0, null));
    apply(
        new KvEvent.BlockStored(
            new long[] {1}, null, new int[16], 0, null, Tier.GPU, null, 0, null));
    assertThat(counts.malformed()).isEqualTo(2);
    assertThat(translator.size()).isZero();
  }

  @Test
  void blocksBeyondTheBoundAreCountedAndNotKept() {
    int size = 1;
    int[] tokens = new int[BlockTranslator.MOST_BLOCKS + 100];
    apply(
        new KvEvent.BlockStored(
            LongStream.rangeClosed(1, tokens.length).toArray(),
            null,
            tokens,
            size,
            null,
            Tier.GPU,
            null,
            0,
            null));
    assertThat(translator.size()).isEqualTo(BlockTranslator.MOST_BLOCKS);
    assertThat(counts.beyond()).isEqualTo(100);
  }
}
