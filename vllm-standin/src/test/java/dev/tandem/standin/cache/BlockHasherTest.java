package dev.tandem.standin.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BlockHasherTest {
  private static final int[] TOKENS = IntStream.rangeClosed(1, 32).toArray();

  /** Computed with an independent encoder: sha256 over canonical CBOR, last eight bytes. */
  @ParameterizedTest
  @CsvSource({
    "vllm-none-hash,8866452693264111234,807986237951177663,6348265065242034966",
    "0,3236607068019569386,2758186210834249151,10353177596684680535",
    "42,16300212363532267629,8671309795006503672,10900882996045684970"
  })
  void hashesAreThoseOfSha256Cbor(String seed, String first, String second, String withExtras) {
    BlockHasher hasher = new BlockHasher(16, seed);

    assertThat(hasher.prompt(TOKENS, null, null).hashes())
        .containsExactly(Long.parseUnsignedLong(first), Long.parseUnsignedLong(second));
    assertThat(hasher.prompt(TOKENS, "my-lora", "salt").hashes()[0])
        .isEqualTo(Long.parseUnsignedLong(withExtras));
  }

  @Test
  void onlyFullBlocksHaveAHash() {
    BlockHasher hasher = new BlockHasher(16, BlockHasher.DEFAULT_SEED);

    assertThat(hasher.prompt(new int[31], null, null).hashes()).hasSize(1);
  }

  @Test
  void aSaltChangesEveryBlockThroughTheChain() {
    BlockHasher hasher = new BlockHasher(16, BlockHasher.DEFAULT_SEED);

    assertThat(hasher.prompt(TOKENS, null, "tenant").hashes())
        .doesNotContain(hasher.prompt(TOKENS, null, null).hashes());
  }

  @Test
  void aLongLoraNameFits() {
    BlockHasher hasher = new BlockHasher(1, BlockHasher.DEFAULT_SEED);

    assertThat(hasher.prompt(TOKENS, "x".repeat(100_000), null).hashes()).hasSize(32);
  }
}
