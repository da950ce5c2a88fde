package dev.tandem.bench;

import dev.tandem.router.index.Matches;
import dev.tandem.router.index.MixedIndex;
import dev.tandem.router.prefix.PrefixBlocks;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A prompt of 100,000 tokens (1,563 blocks of 64) and an index of a million blocks over 100
 * engines, each of which holds a beginning of it of another length.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(
    value = 1,
    jvmArgs = {"-Xmx512m", "-XX:+UseSerialGC", "--sun-misc-unsafe-memory-access=allow"})
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class IndexBench {

  private static final int BLOCKS = 1_563;

  @Param("100")
  int engines;

  @Param("1000000")
  int blocks;

  private final MixedIndex index = new MixedIndex(31_250);
  private final long seed = PrefixBlocks.seed("m", null);
  private final int[] tokens = IntStream.range(0, 64 * BLOCKS).toArray();
  private final byte[] text = new byte[PrefixBlocks.BLOCK_BYTES * BLOCKS];
  private final long[] prompt = PrefixBlocks.of(tokens, seed);
  private int next;

  /** A million blocks, and how much memory each takes. */
  @Setup
  public void fill() {
    long before = Heap.used();
    Random random = new Random(1);
    for (int engine = 0; engine < engines; engine++) {
      index.add("e" + engine, Arrays.copyOf(prompt, 1 + random.nextInt(BLOCKS)));
    }
    while (index.size() < blocks) {
      index.add("e" + random.nextInt(engines), random.longs(200).toArray());
    }
    System.out.printf(
        "%n# %,d blocks over %d engines: %.1f MB, %.1f bytes a block%n",
        index.size(),
        engines,
        (Heap.used() - before) / 1e6,
        (double) (Heap.used() - before) / index.size());
  }

  @Benchmark
  public Matches lookUp() {
    return index.match(prompt);
  }

  @Benchmark
  public long[] hashTokens() {
    return PrefixBlocks.of(tokens, seed);
  }

  @Benchmark
  public long[] hashText() {
    return PrefixBlocks.of(text, seed);
  }

  /** What every router does when one of them routed the prompt. */
  @Benchmark
  public void addKnownPrompt() {
    index.add("e" + next++ % engines, prompt);
  }
}
