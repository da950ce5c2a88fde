package dev.tandem.bench;

import dev.tandem.router.choose.Choice;
import dev.tandem.router.choose.Explanation;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What choosing engines costs for a prompt of 100,000 tokens (1,563 blocks of 64): the choice
 * alone, the decision with its look into the index of every engine's cache, and all of it from the
 * body's bytes on.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(
    value = 1,
    jvmArgs = {"-Xmx512m", "-XX:+UseSerialGC"})
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
public class ChoiceBench {

  /** A hundred engines that do both, or fifty for prefill and fifty for decode: 2,500 pairs. */
  @Param({"100", "50x50"})
  String pools = "100";

  private BusyFleet fleet = BusyFleet.of(pools);

  @Setup(Level.Trial)
  public void fill() {
    fleet = BusyFleet.of(pools);
  }

  /** Filter, predict and pick, where it is known what each engine has cached. */
  @Benchmark
  public Choice choice() {
    return fleet.choose();
  }

  /** The same from the prompt's block hashes on. */
  @Benchmark
  public Choice decision() {
    return fleet.lookUpAndChoose();
  }

  /** The same from the bytes of the body on: JSON, hashes, index, choice. */
  @Benchmark
  public Choice request() {
    return fleet.readAndChoose();
  }

  /** What an explanation costs, for whoever asks. */
  @Benchmark
  public Explanation explanation() {
    return fleet.explain();
  }
}
