package dev.tandem.bench;

import dev.tandem.router.events.BlockTranslator;
import dev.tandem.router.events.CacheDeltas;
import dev.tandem.router.events.EventBatchReader;
import dev.tandem.router.events.EventCounts;
import dev.tandem.router.index.MixedIndex;
import dev.tandem.router.index.Tier;
import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.msgpack.core.MessageBufferPacker;
import org.msgpack.core.MessagePack;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Blocks a second from an engine's messages to the index, on one thread: decode, hash, apply. Each
 * prompt of {@value #BLOCKS} blocks of 16 tokens is stored and later removed again, so half of the
 * blocks counted are stored and half removed, with 65,536 held.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(
    value = 1,
    jvmArgs = {"-Xmx512m", "-XX:+UseSerialGC", "--sun-misc-unsafe-memory-access=allow"})
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class EventsBench {

  private static final int BLOCKS = 512;
  private static final int PROMPTS = 256;
  private static final int HELD = 128;

  /**
   * Blocks an event: a long prompt computed at once, or a token stream that fills one at a time.
   */
  @Param({"512", "1"})
  int blocksAnEvent;

  @Param({"map", "array"})
  String form = "map";

  private final List<byte[]> stored = new ArrayList<>();
  private final List<byte[]> removed = new ArrayList<>();
  private final MixedIndex index = new MixedIndex(31_250);
  private final BlockTranslator translator =
      new BlockTranslator(
          "m",
          new CacheDeltas() {
            @Override
            public void started() {
              index.stored("own", Tier.GPU, new long[0]);
            }

            @Override
            public void stored(Tier tier, long[] hashes) {
              index.stored("own", tier, hashes);
            }

            @Override
            public void removed(Tier tier, long[] hashes) {
              index.removed("own", tier, hashes);
            }
          },
          new EventCounts());
  private int next;

  @Setup
  public void fill() throws IOException {
    long before = Heap.used();
    Random random = new Random(1);
    for (int prompt = 0; prompt < PROMPTS; prompt++) {
      long[] hashes = random.longs(BLOCKS).toArray();
      int[] tokens = random.ints(16 * BLOCKS, 0, 150_000).toArray();
      stored.add(storing(hashes, tokens));
      removed.add(removing(hashes));
    }
    long messages = Heap.used();
    translator.start();
    for (int prompt = 0; prompt < HELD; prompt++) {
      translator.apply(EventBatchReader.read(stored.get(prompt)));
    }
    next = HELD;
    System.out.printf(
        "%n# %,d blocks of an engine: %.1f MB beside %.1f MB of messages%n",
        translator.size(), (Heap.used() - messages) / 1e6, (messages - before) / 1e6);
  }

  @Benchmark
  @OperationsPerInvocation(2 * BLOCKS)
  public int blocks() throws IOException {
    translator.apply(EventBatchReader.read(removed.get((next + HELD) % PROMPTS)));
    translator.apply(EventBatchReader.read(stored.get(next)));
    next = (next + 1) % PROMPTS;
    return translator.size();
  }

  private byte[] storing(long[] hashes, int[] tokens) throws IOException {
    try (MessageBufferPacker out = MessagePack.newDefaultBufferPacker()) {
      int events = BLOCKS / blocksAnEvent;
      out.packArrayHeader(2).packDouble(0).packArrayHeader(events);
      for (int event = 0; event < events; event++) {
        int from = event * blocksAnEvent;
        start(out, "BlockStored", 4);
        name(out, "block_hashes");
        out.packArrayHeader(blocksAnEvent);
        for (int i = from; i < from + blocksAnEvent; i++) {
          hash(out, hashes[i]);
        }
        name(out, "parent_block_hash");
        if (from == 0) {
          out.packNil();
        } else {
          hash(out, hashes[from - 1]);
        }
        name(out, "token_ids");
        out.packArrayHeader(16 * blocksAnEvent);
        for (int i = 16 * from; i < 16 * (from + blocksAnEvent); i++) {
          out.packInt(tokens[i]);
        }
        name(out, "block_size");
        out.packInt(16);
      }
      return out.toByteArray();
    }
  }

  private byte[] removing(long[] hashes) throws IOException {
    try (MessageBufferPacker out = MessagePack.newDefaultBufferPacker()) {
      out.packArrayHeader(2).packDouble(0).packArrayHeader(BLOCKS / blocksAnEvent);
      for (int end = BLOCKS; end > 0; end -= blocksAnEvent) {
        start(out, "BlockRemoved", 1);
        name(out, "block_hashes");
        out.packArrayHeader(blocksAnEvent);
        for (int i = end - 1; i >= end - blocksAnEvent; i--) {
          hash(out, hashes[i]);
        }
      }
      return out.toByteArray();
    }
  }

  private void start(MessageBufferPacker out, String type, int fields) throws IOException {
    if (form.equals("map")) {
      out.packMapHeader(fields + 1).packString("type").packString(type);
    } else {
      out.packArrayHeader(fields + 1).packString(type);
    }
  }

  private void name(MessageBufferPacker out, String field) throws IOException {
    if (form.equals("map")) {
      out.packString(field);
    }
  }

  private static void hash(MessageBufferPacker out, long hash) throws IOException {
    out.packBigInteger(new BigInteger(Long.toUnsignedString(hash)));
  }
}
