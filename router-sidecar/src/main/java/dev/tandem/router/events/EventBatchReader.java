package dev.tandem.router.events;

import dev.tandem.router.events.KvEvent.ExtraKey;
import dev.tandem.router.index.Tier;
import dev.tandem.router.prefix.Content;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.msgpack.core.MessageFormat;
import org.msgpack.core.MessagePack;
import org.msgpack.core.MessagePackException;
import org.msgpack.core.MessageUnpacker;
import org.msgpack.value.ValueType;

/**
 * Reads the msgpack payload of one message, {@code [timestamp, [event, ...], rank?]}, with events
 * in either of vLLM's forms: a map with the key {@code type} (since 2026-06-09) or an array that
 * begins with it, its fields in the same order, the last ones left out by engines that do not know
 * them. Stateless.
 */
public final class EventBatchReader {

  // vLLM's class fields in the order of the array form.
  private static final List<String> STORED =
      List.of(
          "block_hashes",
          "parent_block_hash",
          "token_ids",
          "block_size",
          "lora_id",
          "medium",
          "lora_name",
          "extra_keys",
          "group_idx",
          "kv_cache_spec_kind",
          "kv_cache_spec_sliding_window",
          "locality");
  private static final List<String> REMOVED =
      List.of("block_hashes", "medium", "group_idx", "locality");

  private final MessageUnpacker in;
  private final long bytes;

  // The fields of the event at hand.
  private long[] hashes = {};
  private @Nullable Long parent;
  private int[] tokens = {};
  private int blockSize;
  private @Nullable Long loraId;
  private @Nullable String lora;
  private @Nullable String medium;
  private @Nullable List<List<ExtraKey>> extras;
  private int group;
  private @Nullable String attention;
  private @Nullable String locality;

  private EventBatchReader(MessageUnpacker in, long bytes) {
    this.in = in;
    this.bytes = bytes;
  }

  /**
   * Reads a payload.
   *
   * @throws IOException when it is not such a message, or breaks off
   */
  public static EventBatch read(byte[] payload) throws IOException {
    try (MessageUnpacker in = MessagePack.newDefaultUnpacker(payload)) {
      return new EventBatchReader(in, payload.length).batch();
    } catch (MessagePackException | ArithmeticException e) {
      throw new IOException("malformed KV events: " + e.getMessage(), e);
    }
  }

  private EventBatch batch() throws IOException {
    int fields = in.unpackArrayHeader();
    if (fields < 2) {
      throw new IOException("malformed KV events: a batch of " + fields + " fields");
    }
    double timestamp =
        in.getNextFormat().getValueType() == ValueType.FLOAT ? in.unpackDouble() : in.unpackLong();
    int count = bounded(in.unpackArrayHeader());
    List<KvEvent> events = new ArrayList<>(Math.min(count, 1_024));
    int unknown = 0;
    for (int i = 0; i < count; i++) {
      KvEvent event = event();
      if (event == null) {
        unknown++;
      } else {
        events.add(event);
      }
    }
    in.skipValue(fields - 2); // the data parallel rank, which the port says already
    return new EventBatch(timestamp, events, unknown);
  }

  private @Nullable KvEvent event() throws IOException {
    clear();
    return switch (in.getNextFormat().getValueType()) {
      case MAP -> named(in.unpackMapHeader());
      case ARRAY -> ordered(in.unpackArrayHeader());
      default -> {
        in.skipValue();
        yield null;
      }
    };
  }

  private @Nullable KvEvent named(int fields) throws IOException {
    String type = null;
    for (int i = 0; i < fields; i++) {
      String name = in.unpackString();
      if (name.equals("type")) {
        type = in.unpackString();
      } else {
        field(name);
      }
    }
    return type == null ? null : made(type);
  }

  private @Nullable KvEvent ordered(int fields) throws IOException {
    if (fields == 0) {
      return null;
    }
    String type = in.unpackString();
    List<String> names =
        switch (type) {
          case "BlockStored" -> STORED;
          case "BlockRemoved" -> REMOVED;
          default -> List.of();
        };
    for (int i = 0; i < fields - 1; i++) {
      if (i < names.size()) {
        field(names.get(i));
      } else {
        in.skipValue();
      }
    }
    return made(type);
  }

  private @Nullable KvEvent made(String type) {
    return switch (type) {
      case "BlockStored" ->
          new KvEvent.BlockStored(
              hashes, parent, tokens, blockSize, adapter(), tier(), extras, group, attention);
      case "BlockRemoved" -> new KvEvent.BlockRemoved(hashes, tier(), group);
      case "AllBlocksCleared" -> new KvEvent.AllBlocksCleared();
      default -> null;
    };
  }

  private void clear() {
    hashes = new long[0];
    parent = null;
    tokens = new int[0];
    blockSize = 0;
    loraId = null;
    lora = null;
    medium = null;
    extras = null;
    group = 0;
    attention = null;
    locality = null;
  }

  private void field(String name) throws IOException {
    switch (name) {
      case "block_hashes" -> hashes = hashes();
      case "parent_block_hash" -> parent = in.tryUnpackNil() ? null : (Long) hash();
      case "token_ids" -> tokens = tokens();
      case "block_size" -> blockSize = in.unpackInt();
      case "medium" -> medium = text();
      case "lora_id" -> loraId = in.tryUnpackNil() ? null : (Long) in.unpackLong();
      case "lora_name" -> lora = text();
      case "extra_keys" -> extras = extras();
      case "group_idx" -> group = in.tryUnpackNil() ? 0 : in.unpackInt();
      case "kv_cache_spec_kind" -> attention = text();
      case "locality" -> locality = text();
      default -> in.skipValue();
    }
  }

  /** Engines before 2025-12-30 number adapters only: such a one is some other than the model. */
  private @Nullable String adapter() {
    return lora == null && loraId != null ? "lora_id=" + loraId : lora;
  }

  private Tier tier() {
    // A block kept somewhere else is as far as one in a store.
    return "REMOTE".equals(locality) ? Tier.DISK : tier(medium);
  }

  private static Tier tier(@Nullable String medium) {
    return medium == null
        ? Tier.GPU
        : switch (medium) {
          case "GPU" -> Tier.GPU;
          case "CPU" -> Tier.CPU;
          default -> Tier.DISK;
        };
  }

  private @Nullable String text() throws IOException {
    return in.tryUnpackNil() ? null : in.unpackString();
  }

  private long[] hashes() throws IOException {
    long[] read = new long[bounded(in.unpackArrayHeader())];
    for (int i = 0; i < read.length; i++) {
      read[i] = hash();
    }
    return read;
  }

  /** An unsigned 64-bit number, or bytes of which the last eight count, big-endian. */
  private long hash() throws IOException {
    MessageFormat format = in.getNextFormat();
    if (format == MessageFormat.UINT64) {
      return in.unpackBigInteger().longValue();
    }
    if (format.getValueType() == ValueType.INTEGER) {
      return in.unpackLong();
    }
    byte[] all = in.readPayload(bounded(in.unpackBinaryHeader()));
    long hash = 0;
    for (int i = Math.max(0, all.length - Long.BYTES); i < all.length; i++) {
      hash = hash << 8 | all[i] & 0xFF;
    }
    return hash;
  }

  private int[] tokens() throws IOException {
    int[] read = new int[bounded(in.unpackArrayHeader())];
    for (int i = 0; i < read.length; i++) {
      read[i] = (int) in.unpackLong();
    }
    return read;
  }

  private @Nullable List<List<ExtraKey>> extras() throws IOException {
    if (in.tryUnpackNil()) {
      return null;
    }
    int blocks = bounded(in.unpackArrayHeader());
    List<List<ExtraKey>> read = new ArrayList<>();
    for (int i = 0; i < blocks; i++) {
      read.add(in.tryUnpackNil() ? List.of() : keys(bounded(in.unpackArrayHeader())));
    }
    return read;
  }

  private List<ExtraKey> keys(int count) throws IOException {
    List<ExtraKey> keys = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      switch (in.getNextFormat().getValueType()) {
        case STRING -> keys.add(new ExtraKey.Text(in.unpackString()));
        case ARRAY -> keys.add(item(in.unpackArrayHeader()));
        case BINARY ->
            keys.add(
                new ExtraKey.Other(Content.hash(in.readPayload(bounded(in.unpackBinaryHeader())))));
        default -> {
          // Of no kind known today. Its size is the sender's word, so it is not unpacked.
          in.skipValue();
          keys.add(new ExtraKey.Other(0));
        }
      }
    }
    return keys;
  }

  private ExtraKey item(int fields) throws IOException {
    if (fields != 2) {
      in.skipValue(fields);
      return new ExtraKey.Other(fields);
    }
    return new ExtraKey.Item(in.unpackString(), in.unpackInt());
  }

  /** No array has more elements than the message has bytes: a length is no reason to allocate. */
  private int bounded(int length) throws IOException {
    if (length > bytes) {
      throw new IOException("malformed KV events: " + length + " elements in " + bytes + " bytes");
    }
    return length;
  }
}
