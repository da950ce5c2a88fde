package dev.tandem.e2e;

import dev.tandem.topology.facts.NodeFacts;
import dev.tandem.topology.facts.TopologyFile;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;

/**
 * The nodes of {@code manifests/examples/cluster.yaml} as objects, labelled as topograph and GPU
 * feature discovery would.
 */
final class ClusterNodes {
  private static final String GPU = "nvidia.com/gpu";

  private ClusterNodes() {}

  static TopologyFile described() {
    try {
      return TopologyFile.read(Project.root().resolve("manifests/examples/cluster.yaml"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void create(KubernetesClient client) {
    TopologyFile file = described();
    file.nodes().forEach(facts -> client.resource(node(facts)).create());
    Workspace others = Workspace.create(client, "other-work", Map.of());
    file.used().forEach((node, gpus) -> others.create(filler(others, node, gpus)));
  }

  /** Other work that was bound long ago. */
  private static Pod filler(Workspace others, String node, int gpus) {
    return others
        .plainPod("on-" + node)
        .editSpec()
        .withNodeName(node)
        .editFirstContainer()
        .withNewResources()
        .addToLimits(GPU, new Quantity(Integer.toString(gpus)))
        .endResources()
        .endContainer()
        .endSpec()
        .build();
  }

  private static Node node(NodeFacts facts) {
    Map<String, Quantity> capacity =
        Map.of(
            "cpu",
            new Quantity("192"),
            "memory",
            new Quantity("2Ti"),
            "pods",
            new Quantity("110"),
            GPU,
            new Quantity(Integer.toString(facts.gpus())));
    return new NodeBuilder()
        .withNewMetadata()
        .withName(facts.name())
        .withLabels(TopologyFile.labels(facts))
        .endMetadata()
        .withNewStatus()
        .withCapacity(capacity)
        .withAllocatable(capacity)
        .addNewCondition()
        .withType("Ready")
        .withStatus("True")
        .endCondition()
        .endStatus()
        .build();
  }
}
