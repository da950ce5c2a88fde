package dev.tandem.cli.images;

import java.util.Arrays;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * What an image starts. It knows one process, whose class is the first argument; the container's
 * own arguments are those of the {@code tandem} command line, e.g. {@code router --port=8000}, so
 * that a manifest reads like a command. Needs nothing but picocli: the image holds this class
 * without the rest of its jar.
 */
@Command(
    name = "tandem",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = "One process of Tandem in a container.")
public final class ContainerEntry {

  private ContainerEntry() {}

  /** Runs the process; its exit code becomes the container's. */
  public static void main(String[] arguments) throws ReflectiveOperationException {
    Object process = Class.forName(arguments[0]).getDeclaredConstructor().newInstance();
    String[] own = Arrays.copyOfRange(arguments, 1, arguments.length);
    // As on the command line: an argument that starts with @ is a value.
    System.exit(
        new CommandLine(new ContainerEntry())
            .addSubcommand(process)
            .setExpandAtFiles(false)
            .execute(own));
  }
}
