package dev.tandem.e2e;

import dev.tandem.topology.facts.NodeFacts;
import dev.tandem.topology.facts.TopologyFile;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
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
    for (NodeFacts facts : file.nodes()) {
      client.resource(node(facts, file.used().getOrDefault(facts.name(), 0))).create();
    }
  }

  private static Node node(NodeFacts facts, int used) {
    Map<String, Quantity> capacity =
        Map.of(
            "cpu", new Quantity("192"),
            "memory", new Quantity("2Ti"),
            "pods", new Quantity("110"),
            "nvidia.com/gpu", new Quantity(Integer.toString(facts.gpus())));
    Map<String, Quantity> allocatable = new java.util.HashMap<>(capacity);
    allocatable.put("nvidia.com/gpu", new Quantity(Integer.toString(facts.gpus() - used)));
    return new NodeBuilder()
        .withNewMetadata()
        .withName(facts.name())
        .withLabels(TopologyFile.labels(facts))
        .endMetadata()
        .withNewStatus()
        .withCapacity(capacity)
        .withAllocatable(allocatable)
        .addNewCondition()
        .withType("Ready")
        .withStatus("True")
        .endCondition()
        .endStatus()
        .build();
  }
}
