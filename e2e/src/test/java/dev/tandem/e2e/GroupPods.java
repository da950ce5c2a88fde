package dev.tandem.e2e;

import dev.tandem.api.Keys;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Pods of groups in one namespace, made one by one, and where they are. */
final class GroupPods {
  private static final String GPU = "nvidia.com/gpu";
  private static final String DOMAIN = "accelerator.topograph.run/domain";

  private final Workspace workspace;
  private final KubernetesClient client;
  private final int gpus;

  /**
   * @param gpus of each pod
   */
  GroupPods(Workspace workspace, KubernetesClient client, int gpus) {
    this.workspace = workspace;
    this.client = client;
    this.gpus = gpus;
  }

  /** Makes pods of one role and returns their names. */
  List<String> create(String group, String size, String role, int count) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String name = group + "-" + role + "-" + i;
      workspace.create(pod(group, size, role, name).build());
      names.add(name);
    }
    return names;
  }

  PodBuilder pod(String group, String size, String role, String name) {
    return workspace
        .plainPod(name)
        .editMetadata()
        .addToAnnotations(
            Map.of(
                Keys.GROUP, group,
                Keys.GROUP_SIZE, size,
                Keys.ROLE, role,
                Keys.MODEL, "llama-3-70b"))
        .endMetadata()
        .editSpec()
        .withSchedulerName("tandem")
        .editFirstContainer()
        .withNewResources()
        .addToLimits(GPU, new Quantity(Integer.toString(gpus)))
        .endResources()
        .endContainer()
        .endSpec();
  }

  /** The NVLink domains these pods are bound in; waits until they are bound. */
  Set<String> domains(List<String> pods) {
    Set<String> domains = new TreeSet<>();
    for (String pod : pods) {
      Node node = client.nodes().withName(workspace.bound(pod).getSpec().getNodeName()).get();
      domains.add(Objects.requireNonNull(node.getMetadata().getLabels().get(DOMAIN)));
    }
    return domains;
  }

  /** Nodes whose pods hold more GPUs than they have, with how many. */
  static Map<String, Integer> overbooked(KubernetesClient client) {
    Map<String, Integer> free = new HashMap<>();
    for (Node node : client.nodes().list().getItems()) {
      free.put(node.getMetadata().getName(), amount(node.getStatus().getAllocatable()));
    }
    for (Pod pod : client.pods().inAnyNamespace().list().getItems()) {
      String node = pod.getSpec().getNodeName();
      if (node != null && free.containsKey(node)) {
        int held =
            pod.getSpec().getContainers().stream()
                .filter(container -> container.getResources() != null)
                .mapToInt(container -> amount(container.getResources().getLimits()))
                .sum();
        free.merge(node, -held, Integer::sum);
      }
    }
    Map<String, Integer> over = new TreeMap<>();
    free.forEach((node, left) -> {
      if (left < 0) {
        over.put(node, -left);
      }
    });
    return over;
  }

  private static int amount(Map<String, Quantity> resources) {
    Quantity gpus = resources == null ? null : resources.get(GPU);
    return gpus == null ? 0 : Integer.parseInt(gpus.getAmount());
  }
}
