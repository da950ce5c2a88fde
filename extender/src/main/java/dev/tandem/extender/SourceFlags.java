package dev.tandem.extender;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The command line of {@link Sources}. */
final class SourceFlags {
  @Option(
      names = "--topology",
      paramLabel = "FILE",
      description = "Topology file whose facts win over node labels.")
  private @Nullable Path topology;

  Sources sources() {
    return new Sources(topology);
  }
}
