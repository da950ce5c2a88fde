package dev.tandem.router.prefix;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
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
      previous = LongHashFunction.xx().hashBytes(link.array()) & ~1;
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

  private static int[] tokens(int count) {
    return IntStream.range(1000, 1000 + count).toArray();
  }

  @Test
  void tokenIdsHashAsTheirLittleEndianBytesAndSayThatTheyAreTokens() {
    ByteBuffer bytes = ByteBuffer.allocate(256).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asIntBuffer().put(tokens(64));
    ByteBuffer link = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
    link.putLong(LongHashFunction.xx().hashBytes(bytes.array())).putLong(42);
    assertThat(PrefixBlocks.of(tokens(100), 42))
        .containsExactly(LongHashFunction.xx().hashBytes(link.array()) | 1);
    assertThat(PrefixBlocks.ofTokens(PrefixBlocks.of(tokens(64), 42)[0])).isTrue();
    assertThat(PrefixBlocks.ofTokens(PrefixBlocks.of(bytes.array(), 42)[0])).isFalse();
  }

  @Test
  void imagesTellBlocksOfEqualPlaceholdersApart() {
    Content cat = new Content(Content.hash("cat"), 70, 20);
    Content dog = new Content(Content.hash("dog"), 70, 20);
    long[] plain = PrefixBlocks.of(tokens(192), SEED);
    long[] cats = PrefixBlocks.of(tokens(192), List.of(cat), SEED);
    long[] dogs = PrefixBlocks.of(tokens(192), List.of(dog), SEED);
    assertThat(cats[0]).isEqualTo(plain[0]).isEqualTo(dogs[0]);
    assertThat(cats[1]).isNotEqualTo(plain[1]).isNotEqualTo(dogs[1]);
    assertThat(cats[2]).isNotEqualTo(plain[2]).isNotEqualTo(dogs[2]);
  }

  @Test
  void anImageElsewhereInTheSameBlockIsAnotherBlock() {
    Content early = new Content(Content.hash("cat"), 70, 20);
    Content late = new Content(Content.hash("cat"), 80, 20);
    assertThat(PrefixBlocks.of(tokens(128), List.of(early), SEED)[1])
        .isNotEqualTo(PrefixBlocks.of(tokens(128), List.of(late), SEED)[1]);
  }
}
