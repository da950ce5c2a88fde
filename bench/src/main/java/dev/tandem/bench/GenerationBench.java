package dev.tandem.bench;

import dev.tandem.topology.facts.LinkSpeeds;
import dev.tandem.topology.facts.NodeFacts;
import dev.tandem.topology.graph.Interconnect;
import dev.tandem.topology.placement.Blocks;
import java.util.List;
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

/** What one changed label costs: the graph drawn anew, and its nodes numbered. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(
    value = 1,
    jvmArgs = {"-Xmx512m", "-XX:+UseSerialGC"})
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 3, time = 2)
public class GenerationBench {
  @Param({"1000", "5000"})
  int nodes;

  private List<NodeFacts> facts = List.of();
  private Interconnect drawn = Interconnect.of(facts, LinkSpeeds.defaults());

  @Setup
  public void fill() {
    facts = FragmentedCluster.facts(nodes);
    drawn = Interconnect.of(facts, LinkSpeeds.defaults());
  }

  @Benchmark
  public Interconnect graph() {
    return drawn.next(facts);
  }

  @Benchmark
  public Blocks numbers() {
    return Blocks.of(drawn);
  }
}
