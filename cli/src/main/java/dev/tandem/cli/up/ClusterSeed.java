package dev.tandem.cli.up;

import dev.tandem.topology.facts.NodeFacts;
import dev.tandem.topology.facts.TopologyFile;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.NodeStatus;
import io.fabric8.kubernetes.api.model.NodeStatusBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.NonDeletingOperation;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.HashMap;
import java.util.Map;

/**
 * Fills an empty API server with the nodes of a topology file, labelled as a real cluster would be,
 * and with a pod of other work on every node that is partly used. Stateless.
 */
final class ClusterSeed {

  /** Where the other work lives; not opted in, so nothing of ours touches it. */
  static final String OTHER_WORK = "batch";

  private static final String GPU = "nvidia.com/gpu";

  /** A usual 8-GPU machine: 192 cores and 2 TiB; other work takes its share of both. */
  private static final int CORES_PER_GPU = 24;

  private static final int GIBIBYTES_PER_GPU = 256;

  /** The kubelet's default. */
  private static final int MOST_PODS = 110;

  private ClusterSeed() {}

  static void plant(KubernetesClient client, TopologyFile file) {
    for (NodeFacts facts : file.nodes()) {
      plant(client, facts);
    }
    client
        .resource(
            new NamespaceBuilder().withNewMetadata().withName(OTHER_WORK).endMetadata().build())
        .create();
    // A real API server refuses pods until their account is there; a controller would make it
    // later.
    client
        .resource(
            new ServiceAccountBuilder()
                .withNewMetadata()
                .withNamespace(OTHER_WORK)
                .withName("default")
                .endMetadata()
                .build())
        .createOr(NonDeletingOperation::update);
    file.used().forEach((node, gpus) -> client.resource(otherWork(node, gpus)).create());
  }

  private static void plant(KubernetesClient client, NodeFacts facts) {
    Map<String, String> labels = new HashMap<>(TopologyFile.labels(facts));
    labels.put("kubernetes.io/hostname", facts.name());
    Map<String, Quantity> room =
        Map.of(
            GPU,
            new Quantity(Integer.toString(facts.gpus())),
            "cpu",
            new Quantity(Integer.toString(Math.max(8, facts.gpus() * CORES_PER_GPU))),
            "memory",
            new Quantity(Math.max(64, facts.gpus() * GIBIBYTES_PER_GPU) + "Gi"),
            "pods",
            new Quantity(Integer.toString(MOST_PODS)));
    NodeStatus status =
        new NodeStatusBuilder()
            .withCapacity(room)
            .withAllocatable(room)
            .addNewCondition()
            .withType("Ready")
            .withStatus("True")
            .withReason("KubeletReady")
            .endCondition()
            .build();
    Node created =
        client
            .resource(
                new NodeBuilder()
                    .withNewMetadata()
                    .withName(facts.name())
                    .withLabels(labels)
                    .endMetadata()
                    .withStatus(status)
                    .build())
            .create();
    if (created.getStatus() == null || created.getStatus().getAllocatable().isEmpty()) {
      // A real API server takes the status of a node only through the subresource.
      client
          .nodes()
          .withName(facts.name())
          .subresource("status")
          .patch(
              PatchContext.of(PatchType.JSON_MERGE),
              Serialization.asJson(Map.of("status", status)));
    }
  }

  private static Pod otherWork(String node, int gpus) {
    Map<String, Quantity> room =
        Map.of(
            GPU,
            new Quantity(Integer.toString(gpus)),
            "cpu",
            new Quantity(Integer.toString(gpus * CORES_PER_GPU / 2)),
            "memory",
            new Quantity(gpus * GIBIBYTES_PER_GPU / 2 + "Gi"));
    return new PodBuilder()
        .withNewMetadata()
        .withName("training-" + node)
        .withNamespace(OTHER_WORK)
        .endMetadata()
        .withNewSpec()
        .withNodeName(node)
        .addNewContainer()
        .withName("work")
        .withImage("registry.k8s.io/pause:3.10")
        .withNewResources()
        .withRequests(room)
        .withLimits(Map.of(GPU, new Quantity(Integer.toString(gpus))))
        .endResources()
        .endContainer()
        .endSpec()
        .build();
  }
}
