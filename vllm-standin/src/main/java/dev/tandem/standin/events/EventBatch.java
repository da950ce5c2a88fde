package dev.tandem.standin.events;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.msgpack.core.MessageBufferPacker;
import org.msgpack.core.MessagePack;

/**
 * The msgpack payload of one message: {@code [timestamp, [event, ...], data parallel rank]}, with
 * the fields of an event in vLLM's order whichever the form. Block hashes are unsigned 64-bit.
 * Every block is on the GPU, of cache group 0, with full attention.
 *
 * @param timestampSeconds seconds since the epoch
 * @param events at least one
 * @param dataParallelRank of the engine
 */
public record EventBatch(double timestampSeconds, List<KvEvent> events, int dataParallelRank) {
  private static final BigInteger UNSIGNED = BigInteger.ONE.shiftLeft(64);
  private static final String MEDIUM = "GPU";
  private static final String ATTENTION = "full_attention";

  public EventBatch {
    events = List.copyOf(events);
  }

  /** The payload. */
  public byte[] encode(EventEncoding encoding) {
    try (MessageBufferPacker packer = MessagePack.newDefaultBufferPacker()) {
      packer.packArrayHeader(3);
      packer.packDouble(timestampSeconds);
      packer.packArrayHeader(events.size());
      for (KvEvent event : events) {
        new Fields(packer, encoding).pack(event);
      }
      packer.packInt(dataParallelRank);
      return packer.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // a buffer does not fail
    }
  }

  /** Writes the fields of one event, with or without their names. */
  private record Fields(MessageBufferPacker packer, EventEncoding encoding) {
    void pack(KvEvent event) throws IOException {
      switch (event) {
        case KvEvent.BlockStored stored -> {
          boolean keyed = !stored.extraKeys().isEmpty();
          // the map form leaves out extra_keys when there are none; the array form cannot
          start("BlockStored", keyed || encoding == EventEncoding.ARRAY ? 10 : 9);
          name("block_hashes");
          hashes(stored.hashes());
          name("parent_block_hash");
          hashOrNil(stored.parent());
          name("token_ids");
          packer.packArrayHeader(stored.tokens().length);
          for (int token : stored.tokens()) {
            packer.packLong(Integer.toUnsignedLong(token));
          }
          name("block_size");
          packer.packInt(stored.blockSize());
          name("lora_id");
          packer.packNil();
          name("medium");
          packer.packString(MEDIUM);
          name("lora_name");
          stringOrNil(stored.lora());
          if (keyed) {
            name("extra_keys");
            extraKeys(stored.extraKeys());
          } else if (encoding == EventEncoding.ARRAY) {
            packer.packNil();
          }
          name("group_idx");
          packer.packInt(0);
          name("kv_cache_spec_kind");
          packer.packString(ATTENTION);
        }
        case KvEvent.BlockRemoved removed -> {
          start("BlockRemoved", 3);
          name("block_hashes");
          hashes(removed.hashes());
          name("medium");
          packer.packString(MEDIUM);
          name("group_idx");
          packer.packInt(0);
        }
        case KvEvent.AllBlocksCleared() -> start("AllBlocksCleared", 0);
      }
    }

    private void start(String type, int fields) throws IOException {
      if (encoding == EventEncoding.MAP) {
        packer.packMapHeader(fields + 1);
        packer.packString("type");
      } else {
        packer.packArrayHeader(fields + 1);
      }
      packer.packString(type);
    }

    private void name(String field) throws IOException {
      if (encoding == EventEncoding.MAP) {
        packer.packString(field);
      }
    }

    private void hashes(long[] hashes) throws IOException {
      packer.packArrayHeader(hashes.length);
      for (long hash : hashes) {
        hash(hash);
      }
    }

    private void hash(long hash) throws IOException {
      if (hash >= 0) {
        packer.packLong(hash);
      } else {
        packer.packBigInteger(BigInteger.valueOf(hash).add(UNSIGNED));
      }
    }

    private void hashOrNil(@Nullable Long hash) throws IOException {
      if (hash == null) {
        packer.packNil();
      } else {
        hash(hash);
      }
    }

    private void stringOrNil(@Nullable String value) throws IOException {
      if (value == null) {
        packer.packNil();
      } else {
        packer.packString(value);
      }
    }

    private void extraKeys(List<List<String>> keys) throws IOException {
      packer.packArrayHeader(keys.size());
      for (List<String> ofBlock : keys) {
        if (ofBlock.isEmpty()) {
          packer.packNil();
          continue;
        }
        packer.packArrayHeader(ofBlock.size());
        for (String key : ofBlock) {
          packer.packString(key);
        }
      }
    }
  }
}
