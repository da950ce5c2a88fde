package dev.tandem.router.prefix;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import net.openhft.hashing.LongHashFunction;
import org.junit.jupiter.api.Test;

class PrefixBlocksTest {

  private static byte[] text(int bytes) {
    return "abcdefgh".repeat(bytes / 8 + 1).substring(0, bytes).getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void theHashIsXxHash64AsPublished() {
    // The reference implementation's values for seed 0.
    assertThat(LongHashFunction.xx().hashBytes(new byte[0])).isEqualTo(0xEF46DB3751D8E999L);
    assertThat(LongHashFunction.xx().hashBytes("abc".getBytes(StandardCharsets.UTF_8)))
        .isEqualTo(0x44BC2CF5AD770999L);
  }

  @Test
  void blocksAreChainedFromTheSeedOn() {
    byte[] prompt = text(512);
    long[] hashes = PrefixBlocks.of(prompt, 42);
    long previous = 42;
    for (int i = 0; i < 2; i++) {
      long block = LongHashFunction.xx().hashBytes(prompt, i * 256, 256);
      ByteBuffer link = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
      link.putLong(block).putLong(previous);
      previous = LongHashFunction.xx().hashBytes(link.array());
      assertThat(hashes[i]).isEqualTo(previous);
    }
  }

  @Test
  void theVectorsStay() {
    assertThat(PrefixBlocks.seed("llama", null)).isEqualTo(SEED);
    assertThat(PrefixBlocks.seed("llama", "salt")).isEqualTo(SALTED);
    assertThat(PrefixBlocks.of(text(512), SEED)).containsExactly(FIRST, SECOND);
  }

  private static final long SEED = 0xDCB63EABB0E1361AL;
  private static final long SALTED = 0xD90F44311D897141L;
  private static final long FIRST = 0x789EC3D762E245DCL;
  private static final long SECOND = 0xD59C54BC83C05438L;

  @Test
  void aPartialBlockHasNoHash() {
    assertThat(PrefixBlocks.of(text(255), 0)).isEmpty();
    assertThat(PrefixBlocks.of(text(511), 0)).hasSize(1);
  }

  @Test
  void equalPrefixesHaveEqualHashesUpToTheFirstDifference() {
    byte[] a = text(2048);
    byte[] b = Arrays.copyOf(a, 2048);
    b[1000] ^= 1; // in the fourth block
    long[] ha = PrefixBlocks.of(a, 0);
    long[] hb = PrefixBlocks.of(b, 0);
    assertThat(Arrays.mismatch(ha, hb)).isEqualTo(3);
    assertThat(ha[7]).isNotEqualTo(hb[7]);
  }

  @Test
  void modelsAndSaltsShareNothing() {
    assertThat(PrefixBlocks.seed("a", null))
        .isNotEqualTo(PrefixBlocks.seed("b", null))
        .isNotEqualTo(PrefixBlocks.seed("a", ""))
        .isNotEqualTo(PrefixBlocks.seed("a", "x"));
  }
}
