package dev.tandem.cli;

import dev.tandem.cli.bench.BenchCommand;
import dev.tandem.cli.explain.ExplainCommand;
import dev.tandem.cli.images.ImagesCommand;
import dev.tandem.cli.images.StartCacheCommand;
import dev.tandem.cli.replay.ReplayCommand;
import dev.tandem.cli.simulate.SimulateCommand;
import dev.tandem.cli.topology.TopologyCommand;
import dev.tandem.cli.up.UpCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;

/** The {@code tandem} command: every process of the product and every offline tool, one list. */
@Command(
    name = "tandem",
    description = {
      "Places vLLM pods that exchange KV cache where the link between them is fast,",
      "and sends every request to the pods where its first token comes soonest."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Main.class,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      UpCommand.class,
      InjectCommand.class,
      UninjectCommand.class,
      PlaceCommand.class,
      ExplainCommand.class,
      SimulateCommand.class,
      TopologyCommand.class,
      ReplayCommand.class,
      ImagesCommand.class,
      StartCacheCommand.class,
      BenchCommand.class,
      dev.tandem.extender.Main.class,
      dev.tandem.webhook.Main.class,
      dev.tandem.controller.Main.class,
      dev.tandem.router.Main.class,
      dev.tandem.standin.Main.class
    })
public final class Main implements CommandLine.IVersionProvider {

  private Main() {}

  @Override
  public String[] getVersion() {
    String version = Main.class.getPackage().getImplementationVersion();
    return new String[] {"tandem " + (version == null ? "(unpacked build)" : version)};
  }

  /** Runs one command; its exit code becomes the process's. */
  public static void main(String[] arguments) {
    if (arguments.length > 0 && arguments[0].equals("up")) {
      // Before the first logger is made: a log line for each request would bury the progress bar.
      UpCommand.quietLogs();
    }
    // An argument that starts with @ is a value of ours, e.g. --standin-locality=@FILE.
    System.exit(
        line(arguments)
            .setExpandAtFiles(false)
            .setParameterExceptionHandler(new OneLineErrors())
            .setExecutionExceptionHandler(new OneLineErrors())
            .execute(arguments));
  }

  /**
   * Of the list above only the command that is asked for, where one is: to read the options of all
   * would take a seventh of a process's start.
   */
  private static CommandLine line(String[] arguments) {
    Command all = Main.class.getAnnotation(Command.class);
    for (Class<?> command : all.subcommands()) {
      if (arguments.length > 0
          && command.getAnnotation(Command.class).name().equals(arguments[0])) {
        CommandLine line =
            new CommandLine(CommandSpec.create().name(all.name())).addSubcommand(command);
        line.getSubcommands()
            .values()
            .forEach(asked -> asked.getCommandSpec().versionProvider(new Main()));
        return line;
      }
    }
    return new CommandLine(new Main());
  }
}
