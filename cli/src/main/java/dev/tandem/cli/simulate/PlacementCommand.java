package dev.tandem.cli.simulate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.simulator.benchmark.PlacementBenchmark;
import dev.tandem.simulator.placement.Policy;
import dev.tandem.simulator.placement.Report;
import dev.tandem.simulator.placement.Scenario;
import dev.tandem.simulator.placement.Simulation;
import dev.tandem.topology.facts.LinkSpeeds;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Places groups on a modelled cluster by several policies and compares what came out. */
@Command(
    name = "placement",
    mixinStandardHelpOptions = true,
    description = {
      "Places groups of pods on a modelled cluster, by the production planner and by what a cluster",
      "does without it, and prints how they stand. Same seed, same placements; only the time of",
      "decisions is measured, after each policy has been asked unmeasured for at most 2 s. Without",
      "flags: 256 nodes, every second half filled, 30 groups of two prefill and two decode pods of",
      "8 GPUs. docs/benchmarks/placement.md says what is modelled."
    })
public final class PlacementCommand implements Callable<Integer> {
  /** Most that a policy is asked before its decisions are measured. */
  private static final Duration WARM_UP = Duration.ofSeconds(2);

  @Spec private @Nullable CommandSpec spec;

  @Mixin private ClusterFlags cluster = new ClusterFlags();

  @Mixin private WorkloadFlags workload = new WorkloadFlags();

  @Option(
      names = "--policy",
      paramLabel = "NAME",
      description = {
        "Repeatable: tandem, default (kube-scheduler), default-random-ties (the same before 1.35),",
        "most-allocated, required-affinity, preferred-affinity, random, greedy-gang, optimum (at",
        "most 12 nodes). Default: all but optimum."
      })
  private List<String> policies = new ArrayList<>();

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Repeatable, or a range such as 1-10 (default: 1).")
  private List<String> seeds = new ArrayList<>();

  @Option(names = "--json", description = "Print one JSON object a policy and seed, one a line.")
  private boolean json;

  @Mixin private BenchmarkFlags benchmark = new BenchmarkFlags();

  @Override
  public Integer call() {
    CommandSpec command = spec;
    if (command == null) {
      throw new IllegalStateException("picocli calls this command");
    }
    try {
      if (benchmark.given()) {
        benchmark(command);
      } else {
        run(command.commandLine().getOut(), command.commandLine().getErr());
      }
    } catch (IOException e) {
      throw new ParameterException(command.commandLine(), "cannot write " + e.getMessage(), e);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(command.commandLine(), String.valueOf(e.getMessage()), e);
    }
    return CommandLine.ExitCode.OK;
  }

  private void benchmark(CommandSpec command) throws IOException {
    benchmark.run(
        command,
        "placement.md",
        List.of(),
        progress -> new PlacementBenchmark(new Simulation(System::nanoTime), progress).run());
  }

  private void run(PrintWriter out, PrintWriter err) {
    List<Policy> chosen = chosen();
    List<Long> drawn = Seeds.of(seeds.isEmpty() ? List.of("1") : seeds);
    Scenario scenario =
        new Scenario(
            cluster.shape(),
            LinkSpeeds.defaults(),
            cluster.background(),
            workload.workload(),
            workload.groups(),
            workload.clients(),
            workload.prediction());
    chosen.forEach(policy -> policy.accept(scenario));
    Simulation simulation = new Simulation(System::nanoTime);
    chosen.forEach(policy -> simulation.warmUp(scenario, policy, drawn.getFirst(), WARM_UP));
    ObjectMapper mapper = new ObjectMapper();
    Patience patience = new Patience(err, drawn.size() * chosen.size());
    if (!json) {
      out.print(ResultsTable.head());
    }
    for (long seed : drawn) {
      for (Policy policy : chosen) {
        Report report = simulation.run(scenario, policy, seed);
        out.print(json ? line(mapper, report) : ResultsTable.row(report));
        out.flush();
        patience.done();
      }
    }
  }

  private List<Policy> chosen() {
    if (policies.isEmpty()) {
      List<Policy> all = new ArrayList<>(List.of(Policy.values()));
      all.remove(Policy.OPTIMUM);
      return all;
    }
    return policies.stream().map(Policy::parse).distinct().toList();
  }

  private static String line(ObjectMapper mapper, Report report) {
    try {
      return mapper.writeValueAsString(report.result()) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a record of numbers is always JSON", e);
    }
  }
}
