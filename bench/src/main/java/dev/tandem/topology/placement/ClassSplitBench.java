package dev.tandem.topology.placement;

import dev.tandem.api.Level;
import dev.tandem.topology.facts.LinkSpeeds;
import dev.tandem.topology.facts.NodeFacts;
import dev.tandem.topology.graph.Interconnect;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
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

/** Splitting nodes into classes, and counting what is free in every block. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(
    value = 1,
    jvmArgs = {"-Xmx512m", "-XX:+UseSerialGC"})
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 3, time = 2)
public class ClassSplitBench {
  @Param({"1000", "5000"})
  int nodes;

  private final BitSet none = new BitSet();
  private final int[] sizes = {4};
  private int[] free = {};
  private int[] all = {};
  private Blocks blocks = Blocks.of(Interconnect.of(List.of(), LinkSpeeds.defaults()));

  @Setup
  public void fill() {
    Random random = new Random(7);
    List<NodeFacts> facts = new ArrayList<>();
    free = new int[nodes];
    all = new int[nodes];
    for (int i = 0; i < nodes; i++) {
      Map<Level, String> levels =
          Map.of(Level.NVLINK, "n" + i / 16, Level.LEAF, "l" + i / 32, Level.SPINE, "s" + i / 256);
      facts.add(new NodeFacts("node-%05d".formatted(i), levels, 8, null, 0, List.of()));
      free[i] = 4 * random.nextInt(3);
      all[i] = i;
    }
    blocks = Blocks.of(Interconnect.of(facts, LinkSpeeds.defaults()));
  }

  @Benchmark
  public Object classes() {
    return new NodeClasses(blocks, free, all, none);
  }

  @Benchmark
  public Object desk() {
    return new Desk(blocks, free, List.of(), sizes);
  }
}
