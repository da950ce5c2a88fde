package dev.tandem.cli.simulate;

import dev.tandem.simulator.benchmark.Page;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** The benchmark of a command, in place of a run of its own. */
final class BenchmarkFlags {
  private static final String BENCHMARK = "--benchmark";
  private static final String OUTPUT = "--output";

  @Option(
      names = BENCHMARK,
      description = {
        "Run the whole benchmark (minutes) and write its tables and pictures to --output. Flags that",
        "choose what is run are refused, but for --trace of simulate routing."
      })
  private boolean benchmark;

  @Option(
      names = OUTPUT,
      paramLabel = "DIR",
      description = "Where --benchmark writes (default: docs/benchmarks).")
  private @Nullable Path output;

  /**
   * Whether it was asked for.
   *
   * @throws IllegalArgumentException if not, but where to write it was
   */
  boolean given() {
    if (!benchmark && output != null) {
      throw new IllegalArgumentException(
          OUTPUT + ": " + output + "; accepted: only with " + BENCHMARK);
    }
    return benchmark;
  }

  /**
   * Runs it and writes its page; says on the error stream how far it is.
   *
   * @param page name of the page's file
   * @param ofCommand flags of the command that go with it
   * @param run makes the page, telling how far it is
   * @throws IllegalArgumentException if a flag was given that does not
   * @throws IOException if a file cannot be read or written
   */
  void run(
      CommandSpec command,
      String page,
      List<String> ofCommand,
      Function<Consumer<String>, Page> run)
      throws IOException {
    List<String> accepted = new ArrayList<>(ofCommand);
    accepted.add(OUTPUT);
    List<String> others =
        command.commandLine().getParseResult().matchedOptions().stream()
            .map(option -> option.longestName())
            .filter(name -> !name.equals(BENCHMARK) && !accepted.contains(name))
            .toList();
    if (!others.isEmpty()) {
      throw new IllegalArgumentException(
          "%s chooses what it runs; accepted with it: %s, and none of %s"
              .formatted(BENCHMARK, String.join(", ", accepted), others));
    }
    PrintWriter err = command.commandLine().getErr();
    Path folder = output == null ? Path.of("docs", "benchmarks") : output;
    Page found =
        run.apply(line -> {
          err.println(line);
          err.flush();
        });
    BenchmarkPage.write(folder, page, found);
    command.commandLine().getOut().println("written to " + folder);
    command.commandLine().getOut().flush();
  }
}
