package dev.tandem.router.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.router.events.KvEvent.ExtraKey;
import dev.tandem.router.index.Tier;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The two forms as bytes. The files were packed field by field after the msgpack specification and
 * vLLM's event classes, not with the library that reads them.
 */
class EventBatchReaderTest {

  private static final long FIRST = 0xF1E2D3C4B5A69788L;
  private static final long SECOND = 0x0102030405060708L;

  static byte[] golden(String name) {
    try (InputStream in = EventBatchReaderTest.class.getResourceAsStream("/kv-events/" + name)) {
      if (in == null) {
        throw new AssertionError(name);
      }
      String hex = new String(in.readAllBytes(), StandardCharsets.US_ASCII).replace("\n", "");
      return HexFormat.of().parseHex(hex);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static int[] tokens() {
    int[] tokens = IntStream.rangeClosed(1, 32).toArray();
    tokens[5] = 151_643;
    tokens[6] = -1;
    return tokens;
  }

  @Test
  void theMapFormIsRead() throws Exception {
    EventBatch batch = EventBatchReader.read(golden("map.hex"));
    assertThat(batch.timestampSeconds()).isEqualTo(1_790_000_000.25);
    assertThat(batch.unknown()).isEqualTo(1);
    assertThat(batch.events())
        .usingRecursiveComparison()
        .isEqualTo(
            List.of(
                new KvEvent.BlockStored(
                    new long[] {FIRST, SECOND},
                    -1L,
                    tokens(),
                    16,
                    "my-lora",
                    Tier.GPU,
                    List.of(
                        List.of(new ExtraKey.Text("my-lora"), new ExtraKey.Item("img-1", -4)),
                        List.of()),
                    1,
                    "full_attention"),
                new KvEvent.BlockStored(
                    new long[] {SECOND}, null, new int[0], 64, null, Tier.CPU, null, 0, null),
                new KvEvent.BlockRemoved(new long[] {SECOND}, Tier.DISK, 1),
                new KvEvent.AllBlocksCleared()));
  }

  @Test
  void theArrayFormIsReadWithHashesAsBytesAndFieldsLeftOut() throws Exception {
    EventBatch batch = EventBatchReader.read(golden("array.hex"));
    assertThat(batch.unknown()).isEqualTo(1);
    assertThat(batch.events()).hasSize(4);
    assertThat(batch.events().get(0))
        .usingRecursiveComparison()
        .isEqualTo(
            new KvEvent.BlockStored(
                new long[] {FIRST},
                null,
                Arrays.copyOf(tokens(), 16),
                16,
                "lora_id=7",
                Tier.GPU,
                null,
                0,
                null));
    KvEvent.BlockStored second = (KvEvent.BlockStored) batch.events().get(1);
    assertThat(second.parent()).isEqualTo(FIRST);
    assertThat(second.attention()).isEqualTo("sliding_window");
    List<List<ExtraKey>> extras = second.extras();
    assertThat(extras).isNotNull();
    assertThat(extras == null ? List.of() : extras.getFirst())
        .startsWith(new ExtraKey.Text("my-lora"), new ExtraKey.Text("salt"));
    assertThat(batch.events().get(2))
        .usingRecursiveComparison()
        .isEqualTo(new KvEvent.BlockRemoved(new long[] {SECOND, FIRST}, Tier.CPU, 0));
  }

  @ParameterizedTest
  @ValueSource(strings = {"map.hex", "array.hex"})
  void aMessageThatBreaksOffIsRefused(String name) {
    byte[] whole = golden(name);
    for (int length = 0; length < whole.length - 1; length++) {
      byte[] part = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> EventBatchReader.read(part)).isInstanceOf(IOException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"dd7fffffff", "92cb0000000000000000dd7fffffff", "c0", "a3616263", "90"})
  void aLengthThatCannotBeIsRefusedBeforeAnythingIsAllocated(String hex) {
    assertThatThrownBy(() -> EventBatchReader.read(HexFormat.of().parseHex(hex)))
        .isInstanceOf(IOException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"map.hex", "array.hex"})
  void noBytesDoMoreThanBeRefused(String name) {
    fuzz(name, 4711, 20_000);
  }

  static void fuzz(String name, long seed, int rounds) {
    Random random = new Random(seed);
    byte[] good = golden(name);
    BlockTranslator translator = new BlockTranslator("m", new RecordedDeltas(), new EventCounts());
    for (int i = 0; i < rounds; i++) {
      byte[] bytes = Arrays.copyOf(good, 1 + random.nextInt(good.length));
      for (int changes = random.nextInt(6); changes >= 0; changes--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      try {
        translator.apply(EventBatchReader.read(bytes));
      } catch (IOException refused) {
        assertThat(refused.getMessage()).isNotNull();
      } catch (RuntimeException | Error e) {
        throw new AssertionError(name + " seed " + seed + " round " + i, e);
      }
    }
  }
}
