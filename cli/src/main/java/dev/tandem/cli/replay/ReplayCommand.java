package dev.tandem.cli.replay;

import dev.tandem.cli.report.Ink;
import dev.tandem.extender.record.Replay;
import dev.tandem.extender.record.Summary;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs a recording again. */
@Command(
    name = "replay",
    mixinStandardHelpOptions = true,
    description = {
      "Answers every call of a recording again and shows what differs.",
      "A recording is made by 'tandem extender --record DIR'; each call is answered in the "
          + "situation it was recorded in, and it is shown by how much answers differ.",
      "With another configuration it tells what that would have changed. Needs no cluster."
    })
public final class ReplayCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Parameters(
      index = "0",
      paramLabel = "DIR",
      description = "Folder of the recording, or one file of it.")
  private Path recording = Path.of("");

  @Mixin private WhatIf whatIf = new WhatIf();

  @Option(
      names = "--differences",
      paramLabel = "N",
      defaultValue = "20",
      description = "Most differences shown (default: ${DEFAULT-VALUE}); with --json all are told.")
  private int shown = 20;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Files run side by side (default: one a processor).")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Option(
      names = "--json",
      description = "One JSON object a difference and a line, the summary last.")
  private boolean json;

  @Option(names = "--exit-code", description = "Exit with 1 if any answer differs.")
  private boolean exitCode;

  @Override
  public Integer call() throws InterruptedException {
    CommandSpec command = spec;
    if (command == null) {
      throw new IllegalStateException("picocli calls this command");
    }
    if (threads < 1 || threads > 1024 || shown < 0) {
      throw new ParameterException(
          command.commandLine(),
          "--threads: "
              + threads
              + ", --differences: "
              + shown
              + "; accepted: 1 to 1024, 0 or more");
    }
    PrintWriter out = command.commandLine().getOut();
    Replay replay = replay(command);
    boolean terminal = System.console() != null;
    ReplayReport report =
        json ? new JsonLines(out) : new ReplayText(out, shown, terminal ? Ink.COLOUR : Ink.NONE);
    long start = System.nanoTime();
    Summary summary;
    try (ReplayProgress progress = ReplayProgress.start(replay, terminal)) {
      summary = replay.run(threads, report::segment);
    }
    report.summary(summary, (System.nanoTime() - start) / 1e9, threads);
    out.flush();
    return exitCode && summary.different() > 0
        ? CommandLine.ExitCode.SOFTWARE
        : CommandLine.ExitCode.OK;
  }

  private Replay replay(CommandSpec command) {
    try {
      return new Replay(recording, whatIf.change());
    } catch (IOException e) {
      throw new ParameterException(command.commandLine(), "cannot read " + e.getMessage(), e);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(command.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }
}
