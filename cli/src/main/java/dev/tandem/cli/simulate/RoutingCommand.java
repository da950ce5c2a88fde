package dev.tandem.cli.simulate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.simulator.benchmark.RoutingBenchmark;
import dev.tandem.simulator.routing.Cell;
import dev.tandem.simulator.routing.CellResult;
import dev.tandem.simulator.routing.SplitPools;
import dev.tandem.simulator.routing.Variation;
import dev.tandem.simulator.routing.policy.PolicyName;
import dev.tandem.simulator.routing.trace.BadTrace;
import dev.tandem.simulator.routing.trace.Trace;
import dev.tandem.simulator.routing.trace.TraceReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
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

/** Routes a trace by several policies through modelled engines and compares what came out. */
@Command(
    name = "routing",
    mixinStandardHelpOptions = true,
    description = {
      "Routes the requests of a trace through modelled engines, by the production choice and by",
      "policies of other routers, and prints when first tokens came. Same seed, same figures to the",
      "last digit. docs/benchmarks/routing.md says what is modelled.",
      "A flag marked * may be given several times; every combination is a cell."
    })
public final class RoutingCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--trace",
      paramLabel = "FILE",
      description = {
        "* Trace in the Mooncake form, plain or gzip: one JSON object a line with timestamp (ms),",
        "input_length, output_length, hash_ids, and optionally session_id and gap_s (seconds after",
        "the answer before it in its session)."
      })
  private List<Path> traces = new ArrayList<>();

  @Option(names = "--instances", paramLabel = "N", description = "* Engines (default: 8).")
  private List<Integer> instances = new ArrayList<>();

  @Option(
      names = "--cache-blocks",
      paramLabel = "C",
      description = "* Blocks of 512 tokens an engine's prefix cache holds (default: 1000).")
  private List<Integer> cacheBlocks = new ArrayList<>();

  @Option(
      names = "--load",
      paramLabel = "R",
      description = {
        "* Share of the time engines would spend on prompts if nothing were ever cached; arrivals",
        "are stretched to it (default: 0.9)."
      })
  private List<Double> loads = new ArrayList<>();

  @Option(
      names = "--policy",
      paramLabel = "NAME",
      description = {
        "* tandem (the product), or one of: random, round_robin, least_requests, least_tokens,",
        "chash_k1, chash_k2, chwbl_k2_1.25, session_sticky, prodstack_prefixaware,",
        "sglang_0.3_64_1.5, sglang_0.5_32_1.0001, gie_p1_q1_k1, gie_p3_q2_k2, gie_p3_q2_k2_exact,",
        "llmd_p1_load1, dynamo_v1, dynamo_w1, dynamo_w2, min_ttft_a1, min_ttft_a2, min_ttft_a4,",
        "min_ttft_a2_exact, oracle_greedy. With --split: tandem, tandem_load_only,",
        "decode_first_labels. Default: all of them."
      })
  private List<String> policies = new ArrayList<>();

  @Option(
      names = "--seed",
      paramLabel = "S",
      description = "* Seed of all that is drawn, or a range such as 1-3 (default: 1).")
  private List<String> seeds = new ArrayList<>();

  @Option(names = "--json", description = "Print one JSON object a cell, one a line.")
  private boolean json;

  @Mixin private BenchmarkFlags benchmark = new BenchmarkFlags();

  @Mixin private RoutingVariationFlags variation = new RoutingVariationFlags();

  @Override
  public Integer call() {
    CommandSpec command = spec;
    if (command == null) {
      throw new IllegalStateException("picocli calls this command");
    }
    PrintWriter out = command.commandLine().getOut();
    PrintWriter err = command.commandLine().getErr();
    try {
      if (traces.isEmpty()) {
        throw new IllegalArgumentException(
            "--trace is missing; accepted: a file in the Mooncake form, see --help");
      }
      if (benchmark.given()) {
        benchmark(command);
      } else {
        run(out, err);
      }
    } catch (IOException e) {
      throw new ParameterException(command.commandLine(), "cannot write " + e.getMessage(), e);
    } catch (IllegalArgumentException | BadTrace e) {
      throw new ParameterException(command.commandLine(), String.valueOf(e.getMessage()), e);
    }
    return CommandLine.ExitCode.OK;
  }

  private void benchmark(CommandSpec command) throws BadTrace, IOException {
    List<Trace> read = new ArrayList<>();
    for (Path file : traces) {
      read.add(TraceReader.read(file));
    }
    benchmark.run(
        command,
        "routing.md",
        List.of("--trace"),
        progress -> new RoutingBenchmark(read, progress).run());
  }

  private void run(PrintWriter out, PrintWriter err) throws BadTrace {
    Variation differing = variation.variation();
    SplitPools pools = differing.split();
    if (pools != null && !instances.isEmpty()) {
      throw new IllegalArgumentException(
          "--instances: " + instances + "; accepted: not with --split, which says how many");
    }
    List<PolicyName> chosen = chosen(pools != null);
    List<Cell> cells = new ArrayList<>();
    for (Path file : traces) {
      Trace trace = TraceReader.read(file);
      for (int engines : or(instances, pools == null ? 8 : pools.engines())) {
        for (int blocks : or(cacheBlocks, 1000)) {
          for (double load : or(loads, 0.9)) {
            for (long seed : Seeds.of(or(seeds, "1"))) {
              cells.add(new Cell(trace, engines, blocks, load, differing, seed));
            }
          }
        }
      }
    }
    run(cells, chosen, out, err);
  }

  private void run(List<Cell> cells, List<PolicyName> chosen, PrintWriter out, PrintWriter err) {
    ObjectMapper mapper = new ObjectMapper();
    Patience patience = new Patience(err, cells.size() * chosen.size());
    if (!json) {
      out.print(RoutingTable.head());
    }
    for (Cell cell : cells) {
      for (PolicyName policy : chosen) {
        CellResult result = cell.run(policy);
        out.print(json ? line(mapper, result) : RoutingTable.row(result));
        out.flush();
        patience.done();
      }
    }
  }

  private List<PolicyName> chosen(boolean split) {
    if (policies.isEmpty()) {
      return PolicyName.all(split);
    }
    List<PolicyName> chosen = policies.stream().map(PolicyName::parse).distinct().toList();
    for (PolicyName policy : chosen) {
      if (!policy.routes(split)) {
        throw new IllegalArgumentException(
            "--policy: %s; accepted %s --split: %s"
                .formatted(
                    policy.label(),
                    split ? "with" : "without",
                    String.join(
                        ", ", PolicyName.all(split).stream().map(PolicyName::label).toList())));
      }
    }
    return chosen;
  }

  private static <T> List<T> or(List<T> given, T otherwise) {
    return given.isEmpty() ? List.of(otherwise) : given;
  }

  private static String line(ObjectMapper mapper, CellResult result) {
    try {
      return mapper.writeValueAsString(result) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a record of numbers is always JSON", e);
    }
  }
}
