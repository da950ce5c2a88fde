package dev.tandem.cli;

import dev.tandem.cli.place.PlacementReport;
import dev.tandem.topology.facts.TopologyFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Shows where the extender would put pods, on a cluster described by a file. */
@Command(
    name = "place",
    mixinStandardHelpOptions = true,
    description = {
      "Prints where pods would be placed, why, and the predicted KV transfer of a reference prompt.",
      "Exit code 1 if a pod finds no place."
    })
public final class PlaceCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--topology",
      paramLabel = "FILE",
      required = true,
      description = "The cluster: nodes, their blocks, GPUs, and GPUs in use, as YAML.")
  private Path topology = Path.of("");

  @Option(
      names = "--pods",
      paramLabel = "FILE",
      required = true,
      description = "Annotated pods or workloads, any number of YAML documents; - for stdin.")
  private Path pods = Path.of("");

  @Option(names = "--json", description = "Print JSON instead of a table.")
  private boolean json;

  @Option(
      names = "--picture",
      paramLabel = "FILE",
      description = "Also draw the cluster with the pods in it, as SVG.")
  private @Nullable Path picture;

  @Override
  public Integer call() {
    CommandSpec command = spec;
    if (command == null) {
      throw new IllegalStateException("picocli calls this command");
    }
    PlacementReport report = report(command);
    draw(command, report);
    PrintWriter out = command.commandLine().getOut();
    out.print(json ? report.json() : report.table());
    out.flush();
    return report.complete() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
  }

  private void draw(CommandSpec command, PlacementReport report) {
    Path file = picture;
    if (file != null) {
      try {
        Files.writeString(file, report.picture());
      } catch (IOException e) {
        throw new ParameterException(command.commandLine(), "--picture: cannot write " + file, e);
      }
    }
  }

  private PlacementReport report(CommandSpec command) {
    try {
      TopologyFile file = TopologyFile.read(topology);
      try {
        return PlacementReport.of(file, ManifestFile.read(pods.toString()));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(pods + ": " + e.getMessage(), e);
      } catch (IOException e) {
        throw new IOException(pods + ": " + ManifestFile.reason(e), e);
      }
    } catch (IOException e) {
      throw new ParameterException(command.commandLine(), "cannot read " + e.getMessage(), e);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(command.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }
}
