package dev.tandem.bench;

import dev.tandem.api.Keys;
import dev.tandem.extender.decide.Decision;
import dev.tandem.extender.decide.GpuResources;
import dev.tandem.extender.decide.PodFacts;
import dev.tandem.extender.wire.Answers;
import dev.tandem.extender.wire.ArgsReader;
import dev.tandem.extender.wire.ExtenderArgs;
import dev.tandem.extender.wire.PodReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
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

/** Reading a question and writing its answer. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(
    value = 1,
    jvmArgs = {"-Xmx512m", "-XX:+UseSerialGC"})
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 3, time = 2)
public class WireBench {
  @Param({"1000", "5000"})
  int nodes;

  private final ArgsReader reader =
      new ArgsReader(new PodReader(GpuResources.of("nvidia.com/gpu")));
  private final Answers answers = new Answers();
  private byte[] body = {};
  private byte[] others = {};
  private ExtenderArgs args =
      new ExtenderArgs(new FragmentedCluster(0, 0).member("a", "prefill", 0), List.of());
  private List<String> sent = List.of();
  private Decision chosen = new Decision.PassedThrough();

  @Setup
  public void fill() {
    FragmentedCluster cluster = new FragmentedCluster(nodes, 0);
    PodFacts pod = cluster.member("a", "prefill", 0);
    chosen = cluster.decider.filter(pod, cluster.names);
    args = new ExtenderArgs(pod, cluster.names);
    body = body(Keys.ROLE, cluster.names);
    others = body("x", cluster.names);
    sent = sent(cluster.names);
  }

  /** The names as a call brings them. */
  static List<String> sent(List<String> names) {
    ArgsReader reader = new ArgsReader(new PodReader(GpuResources.of("nvidia.com/gpu")));
    return switch (reader.read(body(Keys.ROLE, names))) {
      case ExtenderArgs.Valid(ExtenderArgs args) -> args.nodeNames();
      case ExtenderArgs.Invalid(String reason) -> throw new IllegalStateException(reason);
    };
  }

  private static byte[] body(String annotation, List<String> nodes) {
    String names = nodes.stream().map(n -> '"' + n + '"').collect(Collectors.joining(","));
    return """
    {"Pod":{"metadata":{"name":"p","namespace":"llm","uid":"u","annotations":{"%s":"both"}},
    "spec":{"containers":[{"resources":{"limits":{"nvidia.com/gpu":"4"}}}]}},
    "Nodes":null,"NodeNames":[%s]}
    """
        .formatted(annotation, names)
        .getBytes(StandardCharsets.UTF_8);
  }

  @Benchmark
  public ExtenderArgs.Parsed decode() {
    return reader.read(body);
  }

  @Benchmark
  public byte[] encodeShortList() {
    return answers.filter(args, chosen);
  }

  @Benchmark
  public byte[] encodeScores() {
    return answers.priorities(sent, Map.of("gpu-node-00000", 10));
  }

  /** A pod of no group, from question to answer. */
  @Benchmark
  public byte[] passThrough() {
    return reader.read(others) instanceof ExtenderArgs.Valid(ExtenderArgs sent)
        ? answers.filter(sent, new Decision.PassedThrough())
        : others;
  }
}
