package dev.tandem.extender;

import dev.tandem.topology.facts.LevelKeys;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The command line of {@link Sources}. */
final class SourceFlags {
  private static final Sources DEFAULTS = Sources.defaults();

  @Option(
      names = "--topology",
      paramLabel = "FILE",
      description = "Topology file whose facts win over node labels; read again when it changes.")
  private @Nullable Path topology;

  @Option(
      names = "--transports",
      paramLabel = "FILE",
      description =
          "Overheads of transports, as 'tandem topology calibrate' writes them; win over the"
              + " topology file's; read again when it changes.")
  private @Nullable Path transports;

  @Option(
      names = "--config-map",
      paramLabel = "NAMESPACE/NAME",
      description =
          "Watch a ConfigMap with the same under the keys topology.yaml and transports.yaml; a"
              + " file given beside it wins.")
  private @Nullable String configMap;

  @Option(
      names = "--level-key",
      paramLabel = "LEVEL=KEY",
      description =
          "A node label that names a level's block, e.g. leaf=example.com/rack; wins over the"
              + " built-in ones. Repeatable, the first wins.")
  private List<String> levelKeys = new ArrayList<>();

  @Option(
      names = "--reload-seconds",
      paramLabel = "N",
      description = "How often files are looked at for a change (default: 5).")
  private double reloadSeconds = DEFAULTS.every().toMillis() / 1e3;

  Sources sources() {
    return new Sources(
        topology,
        transports,
        configMap,
        LevelKeys.parseAll(levelKeys),
        Duration.ofMillis(Math.round(reloadSeconds * 1e3)));
  }
}
