package dev.tandem.standin.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Golden bytes, checked by hand against the msgpack specification. */
class EventBatchTest {
  private static final KvEvent STORED =
      new KvEvent.BlockStored(
          new long[] {1, -1}, null, new int[] {7, 8, 9, -2}, 2, null, List.of());

  @Test
  void theMapFormNamesEveryFieldAndLeavesOutAbsentExtraKeys() {
    assertThat(encode(EventEncoding.MAP, STORED))
        .isEqualTo(
            "93"
                + "cb3ff8000000000000"
                + "91"
                + "8a"
                + text("type")
                + text("BlockStored")
                + text("block_hashes")
                + "92"
                + "01"
                + "cfffffffffffffffff"
                + text("parent_block_hash")
                + "c0"
                + text("token_ids")
                + "94"
                + "07"
                + "08"
                + "09"
                + "cefffffffe"
                + text("block_size")
                + "02"
                + text("lora_id")
                + "c0"
                + text("medium")
                + text("GPU")
                + text("lora_name")
                + "c0"
                + text("group_idx")
                + "00"
                + text("kv_cache_spec_kind")
                + text("full_attention")
                + "00");
  }

  @Test
  void theArrayFormStartsWithTheTagAndKeepsEveryPosition() {
    assertThat(encode(EventEncoding.ARRAY, STORED))
        .isEqualTo(
            "93"
                + "cb3ff8000000000000"
                + "91"
                + "9b"
                + text("BlockStored")
                + "92"
                + "01"
                + "cfffffffffffffffff"
                + "c0"
                + "94"
                + "07"
                + "08"
                + "09"
                + "cefffffffe"
                + "02"
                + "c0"
                + text("GPU")
                + "c0"
                + "c0"
                + "00"
                + text("full_attention")
                + "00");
  }

  @Test
  void extraKeysAreOneListABlock() {
    KvEvent event =
        new KvEvent.BlockStored(
            new long[] {1, 2},
            5L,
            new int[] {7, 8},
            1,
            "ad",
            List.of(List.of("ad", "s"), List.of()));

    assertThat(encode(EventEncoding.MAP, event))
        .contains(
            text("lora_name")
                + text("ad")
                + text("extra_keys")
                + "92"
                + "92"
                + text("ad")
                + text("s")
                + "c0");
  }

  @Test
  void removalsAndClearingComeInBothForms() {
    KvEvent removed = new KvEvent.BlockRemoved(new long[] {3});

    assertThat(encode(EventEncoding.MAP, removed, new KvEvent.AllBlocksCleared()))
        .isEqualTo(
            "93"
                + "cb3ff8000000000000"
                + "92"
                + "84"
                + text("type")
                + text("BlockRemoved")
                + text("block_hashes")
                + "9103"
                + text("medium")
                + text("GPU")
                + text("group_idx")
                + "00"
                + "81"
                + text("type")
                + text("AllBlocksCleared")
                + "00");
    assertThat(encode(EventEncoding.ARRAY, removed, new KvEvent.AllBlocksCleared()))
        .isEqualTo(
            "93"
                + "cb3ff8000000000000"
                + "92"
                + "94"
                + text("BlockRemoved")
                + "9103"
                + text("GPU")
                + "00"
                + "91"
                + text("AllBlocksCleared")
                + "00");
  }

  private static String encode(EventEncoding encoding, KvEvent... events) {
    return HexFormat.of().formatHex(new EventBatch(1.5, List.of(events), 0).encode(encoding));
  }

  /** A msgpack fixstr. */
  private static String text(String value) {
    return HexFormat.of().toHexDigits((byte) (0xa0 | value.length()))
        + HexFormat.of().formatHex(value.getBytes(StandardCharsets.US_ASCII));
  }
}
