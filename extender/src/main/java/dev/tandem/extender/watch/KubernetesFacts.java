package dev.tandem.extender.watch;

import dev.tandem.extender.decide.Annotations;
import dev.tandem.extender.decide.GpuResources;
import dev.tandem.extender.decide.LeaderWorkerSets;
import dev.tandem.extender.decide.NodeState;
import dev.tandem.extender.decide.PodFacts;
import dev.tandem.topology.facts.KnownTopology;
import dev.tandem.topology.facts.NodeFacts;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads Kubernetes objects into facts. Immutable. */
final class KubernetesFacts {
  private static final String ALWAYS = "Always";

  private final GpuResources resources;

  /**
   * @param resources what counts GPUs
   */
  KubernetesFacts(GpuResources resources) {
    this.resources = resources;
  }

  NodeState node(Node node, KnownTopology known) {
    Map<String, String> labels = orEmpty(node.getMetadata().getLabels());
    Map<String, Quantity> allocatable =
        node.getStatus() == null ? null : node.getStatus().getAllocatable();
    GpuResources.Count count =
        resources.count(name -> allocatable == null ? 0 : whole(allocatable.get(name)));
    int gpus = count.gpus();
    NodeFacts facts = known.facts(node.getMetadata().getName(), labels, gpus);
    boolean cordoned =
        node.getSpec() != null && Boolean.TRUE.equals(node.getSpec().getUnschedulable());
    boolean tainted =
        node.getSpec() != null
            && node.getSpec().getTaints() != null
            && node.getSpec().getTaints().stream()
                .anyMatch(taint -> !"PreferNoSchedule".equals(taint.getEffect()));
    boolean alive = ready(node);
    return new NodeState(
        facts, !cordoned && alive, tainted, alive, resources.marked(labels, count));
  }

  /** A node that says nothing about being ready counts as ready: some have no kubelet. */
  private static boolean ready(Node node) {
    return node.getStatus() == null
        || node.getStatus().getConditions() == null
        || node.getStatus().getConditions().stream()
            .noneMatch(c -> "Ready".equals(c.getType()) && !"True".equals(c.getStatus()));
  }

  PodFacts pod(Pod pod) {
    String phase = pod.getStatus() == null ? null : pod.getStatus().getPhase();
    boolean finished = "Succeeded".equals(phase) || "Failed".equals(phase);
    Map<String, String> annotations = orEmpty(pod.getMetadata().getAnnotations());
    Map<String, String> labels = orEmpty(pod.getMetadata().getLabels());
    GpuResources.Count gpus = resources.count(name -> gpus(pod, name));
    return new PodFacts(
        uid(pod),
        orEmpty(pod.getMetadata().getNamespace()),
        pod.getMetadata().getName(),
        pod.getSpec().getNodeName(),
        !finished,
        pod.getMetadata().getDeletionTimestamp() != null,
        millis(pod.getMetadata().getCreationTimestamp()),
        gpus.gpus(),
        resources.marked(orEmpty(pod.getSpec().getNodeSelector()), gpus),
        pod.getSpec().getPriority() == null ? 0 : pod.getSpec().getPriority(),
        LeaderWorkerSets.engine(annotations, labels),
        false,
        Annotations.read(annotations, labels));
  }

  static String name(Node node) {
    return node.getMetadata().getName();
  }

  /** The UID, or namespace/name where a stand-in for the API server gives none. */
  static String uid(Pod pod) {
    String uid = pod.getMetadata().getUid();
    return uid == null || uid.isEmpty()
        ? orEmpty(pod.getMetadata().getNamespace()) + "/" + pod.getMetadata().getName()
        : uid;
  }

  /** Containers and sidecars run side by side; other init containers one after another before. */
  private static int gpus(Pod pod, String resource) {
    long together = 0;
    for (Container container : pod.getSpec().getContainers()) {
      together += gpus(container, resource);
    }
    int alone = 0;
    List<Container> first = pod.getSpec().getInitContainers();
    for (Container container : first == null ? List.<Container>of() : first) {
      if (ALWAYS.equals(container.getRestartPolicy())) {
        together += gpus(container, resource);
      } else {
        alone = Math.max(alone, gpus(container, resource));
      }
    }
    return (int) Math.min(Math.max(together, alone), Integer.MAX_VALUE);
  }

  private static int gpus(Container container, String resource) {
    ResourceRequirements asked = container.getResources();
    if (asked == null) {
      return 0;
    }
    Map<String, Quantity> limits = asked.getLimits();
    Map<String, Quantity> requests = asked.getRequests();
    int limit = limits == null ? 0 : whole(limits.get(resource));
    return limit > 0 || requests == null ? limit : whole(requests.get(resource));
  }

  private static int whole(@Nullable Quantity quantity) {
    if (quantity == null) {
      return 0;
    }
    try {
      return Math.max(0, quantity.getNumericalAmount().intValue());
    } catch (IllegalArgumentException e) {
      return 0; // the API server accepts no such quantity
    }
  }

  private static long millis(@Nullable String timestamp) {
    try {
      return timestamp == null ? 0 : Instant.parse(timestamp).toEpochMilli();
    } catch (DateTimeParseException e) {
      return 0;
    }
  }

  private static Map<String, String> orEmpty(@Nullable Map<String, String> map) {
    return map == null ? Map.of() : map;
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }
}
