package dev.tandem.cli.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.tandem.cli.controlplane.ControlPlaneBinaries;
import dev.tandem.cli.controlplane.ExtenderProcess;
import dev.tandem.cli.controlplane.RealControlPlane;
import dev.tandem.cli.controlplane.SchedulingLoad;
import dev.tandem.cli.images.ImageStart;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * How fast a real kube-scheduler binds pods with our extender, beside the same scheduler without
 * one and with one that does nothing. Everything it starts ends with it, whatever ends it.
 */
@Command(
    name = "scheduling",
    mixinStandardHelpOptions = true,
    description = {
      "Pods a real kube-scheduler binds per second: without an extender, with one that only cuts",
      "the list of nodes, and with ours; in paired, alternating rounds. Builds the control plane",
      "first (needs Go). 7 rounds at 1,000 and 5,000 nodes take about 15 minutes on two cores."
    })
public final class SchedulingBench implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--nodes",
      split = ",",
      paramLabel = "N",
      description = "Numbers of nodes of 8 GPUs, 16 a domain, 32 a leaf, 256 a spine (1000,5000).")
  private List<Integer> nodes = List.of(1_000, 5_000);

  @Option(
      names = "--rounds",
      defaultValue = "7",
      description = "Rounds that count, after one to warm up (default ${DEFAULT-VALUE}).")
  private int rounds = 7;

  @Option(
      names = "--groups",
      defaultValue = "200",
      description = "Groups of 2 prefill and 2 decode pods, 4 GPUs each (${DEFAULT-VALUE}).")
  private int groups = 200;

  @Option(
      names = "--clients",
      defaultValue = "16",
      description = "Clients that create a group each at the same time (${DEFAULT-VALUE}).")
  private int clients = 16;

  @Option(
      names = "--full-pods",
      defaultValue = "20000",
      description =
          "Bound pods with which memory is taken at the largest size, 4 a node at most; 0: it is"
              + " not (${DEFAULT-VALUE}).")
  private int fullPods = 20_000;

  @Option(
      names = "--warm-up",
      paramLabel = "N",
      defaultValue = "12",
      description =
          "Rounds before those that count: an extender runs for weeks, and its JVM compiles for"
              + " minutes (default: ${DEFAULT-VALUE}).")
  private int warmUp;

  @Option(
      names = "--extender-option",
      paramLabel = "OPTION",
      description = "Given to our extender, e.g. --extender-option=--short-list=8; repeatable.")
  private List<String> extenderOptions = List.of();

  @Option(names = "--json", paramLabel = "FILE", description = "Every figure, as JSON.")
  private @Nullable Path json;

  @Override
  public Integer call() throws IOException, InterruptedException {
    CommandSpec command = spec;
    if (command == null) {
      throw new IllegalStateException("picocli calls this command");
    }
    checkOptions(command);
    // The comparison extender and the load driver are ours: binaries from elsewhere do not do.
    ControlPlaneBinaries binaries =
        ControlPlaneBinaries.find(Path.of(System.getProperty("tandem.home", "")), Map.of());
    List<SchedulingSize> sizes = new ArrayList<>();
    SchedulingTable table = new SchedulingTable(command.commandLine().getOut());
    System.err.println("rehearsing the extender for its start cache, as its image is made");
    try (ImageStart image = ImageStart.rehearsed("extender")) {
      for (int size : nodes) {
        // Shown and written at once: whoever stops the next size keeps this one.
        sizes.add(measure(binaries, size, image));
        table.print(sizes.getLast());
        if (json != null) {
          new ObjectMapper()
              .enable(SerializationFeature.INDENT_OUTPUT)
              .writeValue(
                  json.toFile(), Map.of("rounds", rounds, "clients", clients, "sizes", sizes));
        }
      }
    }
    return 0;
  }

  private void checkOptions(CommandSpec command) {
    if (rounds < 1
        || warmUp < 0
        || groups < 1
        || clients < 1
        || nodes.stream().anyMatch(n -> n < 16)) {
      throw new ParameterException(
          command.commandLine(),
          "--rounds, --groups and --clients must be at least 1, --warm-up 0, --nodes at least 16");
    }
    for (int size : nodes) {
      if (groups * 16 > size * 8) {
        throw new ParameterException(
            command.commandLine(),
            "%d groups need %d GPUs; %d nodes have %d: choose fewer --groups or more --nodes"
                .formatted(groups, groups * 16, size, size * 8));
      }
    }
  }

  private SchedulingSize measure(ControlPlaneBinaries binaries, int size, ImageStart image)
      throws IOException, InterruptedException {
    progress(size, "starting the control plane");
    try (RealControlPlane plane = RealControlPlane.start(binaries)) {
      SchedulingLoad load = new SchedulingLoad(plane);
      load.nodes("-nodes=" + size);
      try (ExtenderProcess cut = ExtenderProcess.startCutting(plane);
          ExtenderProcess ours = ExtenderProcess.start(plane, image, extenderOptions);
          ExtenderCalls calls = new ExtenderCalls(ours.url().toString(), size)) {
        SchedulingRounds all =
            new SchedulingRounds(plane, cut, ours, groups, clients, text -> progress(size, text));
        all.warmUp(warmUp);
        ServerHistogram filter = calls.histogram("filter");
        ServerHistogram prioritize = calls.histogram("prioritize");
        List<SchedulingRound> measured = all.run(rounds);
        filter = calls.histogram("filter").since(filter);
        prioritize = calls.histogram("prioritize").since(prioritize);
        progress(size, "single calls");
        SchedulingSize.Single single = single(plane, size, image);
        return new SchedulingSize(
            size,
            measured,
            SchedulingSize.Latency.of(filter),
            SchedulingSize.Latency.of(prioritize),
            single,
            full(size, load, ours, all));
      }
    }
  }

  private SchedulingSize.Single single(RealControlPlane plane, int size, ImageStart image)
      throws IOException, InterruptedException {
    try (ExtenderProcess fresh = ExtenderProcess.start(plane, image, extenderOptions);
        ExtenderCalls calls = new ExtenderCalls(fresh.url().toString(), size)) {
      return new SingleCalls(plane, calls, size).measure();
    }
  }

  private SchedulingSize.@Nullable Full full(
      int size, SchedulingLoad load, ExtenderProcess ours, SchedulingRounds all)
      throws IOException, InterruptedException {
    if (fullPods == 0 || size < nodes.stream().mapToInt(n -> n).max().orElse(0)) {
      return null;
    }
    int pods = Math.min(fullPods, 4 * size);
    progress(size, "binding " + pods + " pods");
    load.held("-pods=" + pods, "-nodes=" + size);
    awaitIdle(ours.handle());
    long idle = ResidentMemory.of(ours.handle()).mebibytes();
    SchedulingRound round = all.one(rounds + 1, SchedulingSetup.OURS);
    return new SchedulingSize.Full(pods, idle, ResidentMemory.of(ours.handle()).mebibytes(), round);
  }

  /** Waits until the watch has caught up; at most a minute. */
  private static void awaitIdle(ProcessHandle process) throws InterruptedException {
    Duration before = Duration.ZERO;
    for (int i = 0; i < 30; i++) {
      Duration now = process.info().totalCpuDuration().orElse(Duration.ZERO);
      if (now.minus(before).toMillis() < 100) {
        return;
      }
      before = now;
      Thread.sleep(2_000);
    }
  }

  private static void progress(int size, String text) {
    System.err.println(size + " nodes: " + text);
  }
}
