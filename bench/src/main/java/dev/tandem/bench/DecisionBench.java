package dev.tandem.bench;

import dev.tandem.extender.decide.Decision;
import dev.tandem.extender.decide.PodFacts;
import java.util.List;
import java.util.Map;
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

/**
 * A whole decision without its JSON: for the first pod of a group, for a later one of a group that
 * was placed by others, and for a later one that has its place kept.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(
    value = 1,
    jvmArgs = {"-Xmx512m", "-XX:+UseSerialGC"})
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 3, time = 2)
public class DecisionBench {
  @Param({"1000", "5000"})
  int nodes;

  @Param({"0", "16", "300"})
  int waiting;

  private FragmentedCluster cluster = new FragmentedCluster(0, 0);
  private PodFacts first = cluster.member("a", "prefill", 0);
  private PodFacts later = first;
  private PodFacts awaited = first;
  private List<String> names = List.of();

  @Setup
  public void fill() {
    cluster = new FragmentedCluster(nodes, waiting);
    first = cluster.member("a", "prefill", 0);
    later = cluster.member("b", "decode", 0);
    cluster.picture.pod(first);
    cluster.picture.pod(cluster.member("b", "prefill", 0).on(cluster.names.get(40)));
    cluster.picture.pod(later);
    PodFacts before = cluster.member("c", "prefill", 0);
    awaited = cluster.member("c", "decode", 0);
    if (cluster.decider.filter(before, cluster.names) instanceof Decision.Chosen sent) {
      cluster.picture.pod(before.on(sent.choices().getFirst().node()));
    }
    cluster.picture.pod(awaited);
    names = WireBench.sent(cluster.names);
  }

  @Benchmark
  public Decision firstPod() {
    return cluster.decider.filter(first, names);
  }

  @Benchmark
  public Decision laterPod() {
    return cluster.decider.filter(later, names);
  }

  @Benchmark
  public Decision awaitedPod() {
    Decision decision = cluster.decider.filter(awaited, names);
    cluster.decider.settled(awaited.uid());
    return decision;
  }

  @Benchmark
  public Map<String, Integer> prioritize() {
    return cluster.decider.prioritize(first, names);
  }
}
