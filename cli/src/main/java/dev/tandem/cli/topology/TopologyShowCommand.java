package dev.tandem.cli.topology;

import dev.tandem.api.Level;
import dev.tandem.edge.process.ApiServerProblem;
import dev.tandem.topology.facts.KnownTopology;
import dev.tandem.topology.facts.LevelKeys;
import dev.tandem.topology.facts.NodeFacts;
import dev.tandem.topology.facts.TopologyFile;
import dev.tandem.topology.graph.Interconnect;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What the extender would see. */
@Command(
    name = "show",
    mixinStandardHelpOptions = true,
    description = {
      "Prints the tree of a topology file, or of a cluster's nodes as the extender would read them:",
      "by their labels, and by the file where both are given."
    })
final class TopologyShowCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Option(names = "--topology", paramLabel = "FILE", description = "A topology file.")
  private @Nullable Path topology;

  @Option(
      names = "--kubeconfig",
      paramLabel = "FILE",
      description = "A cluster whose nodes are read once.")
  private @Nullable Path kubeconfig;

  @Option(
      names = "--level-key",
      paramLabel = "LEVEL=KEY",
      description = "A label that names a level's block; wins over the built-in ones. Repeatable.")
  private List<String> levelKeys = new ArrayList<>();

  @Option(
      names = "--gpu-resource",
      paramLabel = "NAME",
      defaultValue = "nvidia.com/gpu",
      description = "Resource that counts GPUs (default: ${DEFAULT-VALUE}).")
  private String gpuResource = "nvidia.com/gpu";

  @Option(names = "--all", description = "Print every block and every name.")
  private boolean all;

  @Override
  public Integer call() {
    CommandSpec command = spec;
    if (command == null) {
      throw new IllegalStateException("picocli calls this command");
    }
    if (topology == null && kubeconfig == null) {
      throw new ParameterException(
          command.commandLine(), "nothing to show; give --topology, --kubeconfig, or both");
    }
    try {
      TopologyFile file = topology == null ? null : TopologyFile.read(topology);
      KnownTopology known = file == null ? KnownTopology.nothing() : KnownTopology.of(file);
      known = known.withLevelKeys(LevelKeys.parseAll(levelKeys));
      Path cluster = kubeconfig;
      List<NodeFacts> nodes =
          cluster == null ? new ArrayList<>(known.written().values()) : nodes(cluster, known);
      print(command.commandLine().getOut(), known, nodes, file);
      return CommandLine.ExitCode.OK;
    } catch (IllegalArgumentException e) {
      throw new ParameterException(command.commandLine(), String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      throw new ParameterException(command.commandLine(), "cannot read " + e.getMessage(), e);
    } catch (KubernetesClientException e) {
      throw new ParameterException(
          command.commandLine(),
          "cannot list nodes by " + kubeconfig + ": " + ApiServerProblem.of(e),
          e);
    }
  }

  private void print(
      PrintWriter out, KnownTopology known, List<NodeFacts> nodes, @Nullable TopologyFile file) {
    out.print(TreeText.of(nodes, all));
    out.println("links, one way, a GPU or NIC");
    Set<Level> stated = file == null ? Set.of() : file.bandwidth().keySet();
    out.print(TreeText.links(known.speeds(), stated));
    List<String> problems = Interconnect.of(nodes, known.speeds()).problems();
    if (!problems.isEmpty()) {
      out.println("gaps and conflicts");
      int shown = all ? problems.size() : Math.min(20, problems.size());
      problems.subList(0, shown).forEach(problem -> out.println("  " + problem));
      if (shown < problems.size()) {
        out.println("  and " + (problems.size() - shown) + " more; --all prints them");
      }
    }
    if (kubeconfig != null) {
      absent(out, known, nodes);
    }
    out.flush();
  }

  private static void absent(PrintWriter out, KnownTopology known, List<NodeFacts> nodes) {
    List<String> names = nodes.stream().map(NodeFacts::name).toList();
    List<String> absent = known.absent(names);
    if (!absent.isEmpty()) {
      out.println("in the file, not in the cluster");
      out.println("  " + String.join(",", absent));
    }
  }

  private List<NodeFacts> nodes(Path cluster, KnownTopology known) {
    List<NodeFacts> nodes = new ArrayList<>();
    try (KubernetesClient client =
        new KubernetesClientBuilder().withConfig(Config.fromKubeconfig(cluster.toFile())).build()) {
      for (Node node : client.nodes().list().getItems()) {
        Map<String, String> labels = node.getMetadata().getLabels();
        nodes.add(
            known.facts(
                node.getMetadata().getName(), labels == null ? Map.of() : labels, gpus(node)));
      }
    }
    return nodes;
  }

  private int gpus(Node node) {
    Map<String, Quantity> allocatable =
        node.getStatus() == null ? null : node.getStatus().getAllocatable();
    Quantity gpus = allocatable == null ? null : allocatable.get(gpuResource);
    return gpus == null ? 0 : Math.max(0, gpus.getNumericalAmount().intValue());
  }
}
