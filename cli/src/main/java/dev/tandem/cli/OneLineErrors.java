package dev.tandem.cli;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * Says what went wrong in one line and what to do next in a second; never a stack trace, unless the
 * log level is debug.
 */
final class OneLineErrors implements IParameterExceptionHandler, IExecutionExceptionHandler {

  private static final Logger log = LoggerFactory.getLogger(OneLineErrors.class);

  @Override
  public int handleParseException(ParameterException problem, String[] arguments) {
    CommandLine command = problem.getCommandLine();
    String name = command.getCommandSpec().qualifiedName();
    say(command, name + ": " + oneLine(problem), "  '" + name + " --help' lists what it takes");
    return CommandLine.ExitCode.USAGE;
  }

  @Override
  public int handleExecutionException(Exception problem, CommandLine command, ParseResult result) {
    String name = command.getCommandSpec().qualifiedName();
    log.debug("{} {} failed", name, Arrays.toString(result.originalArgs().toArray()), problem);
    say(
        command,
        name + ": " + oneLine(problem),
        "  where: TANDEM_JAVA_OPTS=-Dorg.slf4j.simpleLogger.defaultLogLevel=debug");
    return CommandLine.ExitCode.SOFTWARE;
  }

  private static void say(CommandLine command, String problem, String next) {
    command.getErr().println(problem);
    command.getErr().println(next);
    command.getErr().flush();
  }

  /** Parsers point into their input over several lines, Jackson ends with a source without name. */
  private static String oneLine(Exception problem) {
    String message = problem.getMessage();
    if (message == null) {
      return problem.getClass().getSimpleName();
    }
    return message
        .lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty() && !line.startsWith("at [Source"))
        .collect(Collectors.joining(" "));
  }
}
