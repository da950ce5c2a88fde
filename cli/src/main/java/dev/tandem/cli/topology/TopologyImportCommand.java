package dev.tandem.cli.topology;

import dev.tandem.topology.facts.TopologyFile;
import dev.tandem.topology.imports.Finding;
import dev.tandem.topology.imports.Format;
import dev.tandem.topology.imports.ImportRefused;
import dev.tandem.topology.imports.Imported;
import dev.tandem.topology.imports.Source;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Other tools' descriptions of a cluster to the topology file the extender reads. */
@Command(
    name = "import",
    mixinStandardHelpOptions = true,
    description = {
      "Reads topograph models, Slurm topology.conf, ibnetdiscover and nvidia-smi topo -m, prints",
      "the tree with its gaps and conflicts, and writes the topology file.",
      "Several files become one; where they differ the earlier one counts.",
      "Exit code 2 for what cannot be read; with --strict 1 where there is a gap or a conflict."
    })
final class TopologyImportCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Parameters(
      arity = "1..*",
      paramLabel = "[NODE=]FILE",
      description = {
        "Descriptions to read; - is standard input. nvidia-smi does not name its node: say it,",
        "or name the file like the node."
      })
  private List<String> inputs = new ArrayList<>();

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "topograph, slurm, ibnetdiscover or nvidia-smi; default: told from the text.")
  private @Nullable String format;

  @Option(
      names = "--output",
      paramLabel = "FILE",
      description = "Write the topology file; - prints it in place of the tree.")
  private @Nullable String output;

  @Option(
      names = "--configmap",
      paramLabel = "[NAMESPACE/]NAME",
      description = {
        "Write a ConfigMap of that name, with the file under the key topology.yaml. Without --output",
        "it is printed, ready for kubectl apply --server-side -f -, and the tree goes to stderr."
      })
  private @Nullable String configMap;

  @Option(
      names = "--gpus",
      paramLabel = "N",
      defaultValue = "0",
      description = "GPUs of a node where no description says (default: ${DEFAULT-VALUE}).")
  private int gpus;

  @Option(names = "--all", description = "Print every block and every name.")
  private boolean all;

  @Option(names = "--strict", description = "Exit code 1 where there is a gap or a conflict.")
  private boolean strict;

  @Override
  public Integer call() {
    CommandSpec command = spec;
    if (command == null) {
      throw new IllegalStateException("picocli calls this command");
    }
    try {
      return run(command.commandLine().getOut(), command.commandLine().getErr());
    } catch (ImportRefused | IllegalArgumentException e) {
      throw new ParameterException(command.commandLine(), String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      throw new ParameterException(
          command.commandLine(), "cannot read or write " + e.getMessage(), e);
    }
  }

  private int run(PrintWriter out, PrintWriter err) throws IOException {
    if (gpus < 0 || gpus > 1024) {
      throw new IllegalArgumentException("--gpus " + gpus + "; accepted: 0 to 1024");
    }
    Format known = format();
    List<Imported> parts = new ArrayList<>();
    for (String input : inputs) {
      parts.add(Format.read(source(input), known));
    }
    Imported imported = Imported.merge(parts);
    TopologyFile file = imported.file(gpus);
    String yaml = file.yaml();
    String written = configMap == null ? yaml : ConfigMapText.of(configMap, "topology.yaml", yaml);
    if (output == null) {
      // A ConfigMap alone is for kubectl to read.
      report(configMap == null ? out : err, imported, file);
      out.print(configMap == null ? "" : written);
    } else if (output.equals("-")) {
      out.print(written);
    } else {
      report(out, imported, file);
      Files.writeString(Path.of(output), written);
      out.println("written: " + output);
    }
    out.flush();
    err.flush();
    boolean clean =
        imported.findings().stream().allMatch(finding -> finding.kind() == Finding.Kind.NOTE);
    return strict && !clean ? CommandLine.ExitCode.SOFTWARE : CommandLine.ExitCode.OK;
  }

  private @Nullable Format format() {
    if (format == null) {
      return null;
    }
    Format known = Format.parse(format);
    if (known == null) {
      throw new IllegalArgumentException(
          "--format '" + format + "'; accepted: " + Format.accepted());
    }
    return known;
  }

  private void report(PrintWriter out, Imported imported, TopologyFile file) {
    out.print(TreeText.of(file.nodes(), all));
    if (!file.bandwidth().isEmpty()) {
      out.println("links, one way, a GPU or NIC");
      out.print(TreeText.links(file.speeds(), file.bandwidth().keySet()));
    }
    for (Finding.Kind kind : Finding.Kind.values()) {
      List<Finding> some =
          imported.findings().stream().filter(finding -> finding.kind() == kind).toList();
      if (!some.isEmpty()) {
        out.println(kind.name().toLowerCase(Locale.ROOT) + "s");
        some.forEach(finding -> out.println("  " + finding.text()));
      }
    }
  }

  private static Source source(String input) throws IOException {
    int equals = input.indexOf('=');
    String name = input.substring(equals + 1);
    if (name.equals("-")) {
      return Source.of("stdin", equals < 0 ? "" : input.substring(0, equals), bytes(System.in));
    }
    Path file = Path.of(name);
    Path last = file.getFileName();
    String stem = last == null ? "" : last.toString().replaceFirst("\\.(txt|out|log)$", "");
    try (InputStream bytes = Files.newInputStream(file)) {
      return Source.of(name, equals < 0 ? stem : input.substring(0, equals), bytes(bytes));
    }
  }

  /** One byte over the bound, so that the refusal comes from the bound. */
  private static byte[] bytes(InputStream in) throws IOException {
    return in.readNBytes((int) Source.MOST_BYTES + 1);
  }
}
