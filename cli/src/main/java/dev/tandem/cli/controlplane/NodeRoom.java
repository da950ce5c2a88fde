package dev.tandem.cli.controlplane;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one node has and what its pods asked for: the part of kube-scheduler's NodeResourcesFit,
 * NodeAffinity ({@code nodeSelector} only) and NodeUnschedulable that a GPU pod meets. Used by the
 * scheduling loop's thread alone.
 */
final class NodeRoom {

  private static final List<String> SCORED = List.of("cpu", "memory");

  private final Node node;
  private final Map<String, BigDecimal> used = new HashMap<>();
  private int pods;

  NodeRoom(Node node) {
    this.node = node;
  }

  String name() {
    return node.getMetadata().getName();
  }

  /** Counts a pod that is bound here. */
  void take(Pod pod) {
    requests(pod).forEach((resource, amount) -> used.merge(resource, amount, BigDecimal::add));
    pods++;
  }

  /** Why the pod cannot run here, in kube-scheduler's words; empty when it can. */
  List<String> obstacles(Pod pod) {
    List<String> found = new ArrayList<>();
    if (node.getSpec() != null && Boolean.TRUE.equals(node.getSpec().getUnschedulable())) {
      found.add("node(s) were unschedulable");
    }
    Map<String, String> wanted = pod.getSpec().getNodeSelector();
    Map<String, String> labels = node.getMetadata().getLabels();
    if (wanted != null
        && !wanted.entrySet().stream()
            .allMatch(e -> labels != null && e.getValue().equals(labels.get(e.getKey())))) {
      found.add("node(s) didn't match Pod's node affinity/selector");
    }
    if (allocatable("pods").signum() > 0
        && BigDecimal.valueOf(pods + 1L).compareTo(allocatable("pods")) > 0) {
      found.add("Too many pods");
    }
    requests(pod)
        .forEach((resource, amount) -> {
          if (amount.signum() > 0 && free(resource).compareTo(amount) < 0) {
            found.add("Insufficient " + resource);
          }
        });
    return found;
  }

  /**
   * NodeResourcesFit's LeastAllocated score of 0..100 with its default resources cpu and memory,
   * equal weights: the emptier the node after the pod, the higher. GPUs do not count by default, a
   * half-filled GPU node only scores lower because its pods also hold cpu and memory.
   */
  int leastAllocated(Pod pod) {
    Map<String, BigDecimal> requests = requests(pod);
    int sum = 0;
    for (String resource : SCORED) {
      BigDecimal capacity = allocatable(resource);
      BigDecimal left = free(resource).subtract(requests.getOrDefault(resource, BigDecimal.ZERO));
      if (capacity.signum() > 0 && left.signum() > 0) {
        sum +=
            left.multiply(BigDecimal.valueOf(100))
                .divide(capacity, 0, RoundingMode.FLOOR)
                .intValue();
      }
    }
    return sum / SCORED.size();
  }

  private BigDecimal free(String resource) {
    return allocatable(resource).subtract(used.getOrDefault(resource, BigDecimal.ZERO));
  }

  private BigDecimal allocatable(String resource) {
    Quantity quantity =
        node.getStatus() == null || node.getStatus().getAllocatable() == null
            ? null
            : node.getStatus().getAllocatable().get(resource);
    return quantity == null ? BigDecimal.ZERO : quantity.getNumericalAmount();
  }

  /**
   * What a pod asks for: the sum over its containers and native sidecars, or the largest of its
   * ordinary init containers where that is more.
   */
  private static Map<String, BigDecimal> requests(Pod pod) {
    Map<String, BigDecimal> sum = new HashMap<>();
    pod.getSpec().getContainers().forEach(c -> add(sum, c));
    Map<String, BigDecimal> largest = new HashMap<>();
    for (Container init : pod.getSpec().getInitContainers()) {
      if ("Always".equals(init.getRestartPolicy())) {
        add(sum, init);
      } else {
        requests(init).forEach((k, v) -> largest.merge(k, v, BigDecimal::max));
      }
    }
    largest.forEach((k, v) -> sum.merge(k, v, BigDecimal::max));
    return sum;
  }

  private static void add(Map<String, BigDecimal> sum, Container container) {
    requests(container).forEach((k, v) -> sum.merge(k, v, BigDecimal::add));
  }

  /** A container's requests; a limit alone counts as the request, as the API server defaults it. */
  private static Map<String, BigDecimal> requests(Container container) {
    Map<String, BigDecimal> found = new HashMap<>();
    if (container.getResources() == null) {
      return found;
    }
    for (Map<String, Quantity> quantities :
        List.of(
            orEmpty(container.getResources().getLimits()),
            orEmpty(container.getResources().getRequests()))) {
      quantities.forEach((name, quantity) -> found.put(name, quantity.getNumericalAmount()));
    }
    return found;
  }

  private static Map<String, Quantity> orEmpty(@Nullable Map<String, Quantity> quantities) {
    return quantities == null ? Map.of() : quantities;
  }
}
