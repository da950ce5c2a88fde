package dev.tandem.bench;

import dev.tandem.extender.decide.Decision;
import dev.tandem.extender.decide.PodFacts;
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

/** A whole decision without its JSON: for the first pod of a group, and for a later one. */
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

  @Setup
  public void fill() {
    cluster = new FragmentedCluster(nodes, waiting);
    first = cluster.member("a", "prefill", 0);
    later = cluster.member("b", "decode", 0);
    cluster.picture.pod(first);
    cluster.picture.pod(cluster.member("b", "prefill", 0).on(cluster.names.get(40)));
    cluster.picture.pod(later);
  }

  @Benchmark
  public Decision firstPod() {
    return cluster.decider.filter(first, cluster.names);
  }

  @Benchmark
  public Decision laterPod() {
    return cluster.decider.filter(later, cluster.names);
  }

  @Benchmark
  public Map<String, Integer> prioritize() {
    return cluster.decider.prioritize(first, cluster.names.subList(0, 32));
  }
}
