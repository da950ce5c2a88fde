package dev.tandem.extender.watch;

import dev.tandem.edge.watch.LeanStore;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeCondition;
import io.fabric8.kubernetes.api.model.NodeSpec;
import io.fabric8.kubernetes.api.model.NodeStatus;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Nodes and pods cut down to what is read of them after they were first told. */
final class LeanObjects {

  private LeanObjects() {}

  /** Keeps what {@link KubernetesFacts} reads of a node: configuration may want all read anew. */
  static LeanStore<Node> nodes() {
    return new LeanStore<>(LeanObjects::lean);
  }

  /** Keeps who a pod is, to tell that it is gone. */
  static LeanStore<Pod> pods() {
    return new LeanStore<>(pod -> {
      Pod lean = new Pod();
      lean.setMetadata(LeanStore.identity(pod.getMetadata()));
      return lean;
    });
  }

  private static Node lean(Node node) {
    Node lean = new Node();
    ObjectMeta metadata = LeanStore.identity(node.getMetadata());
    metadata.setLabels(node.getMetadata().getLabels());
    lean.setMetadata(metadata);
    if (node.getSpec() != null) {
      NodeSpec spec = new NodeSpec();
      spec.setUnschedulable(node.getSpec().getUnschedulable());
      spec.setTaints(node.getSpec().getTaints());
      lean.setSpec(spec);
    }
    if (node.getStatus() != null) {
      NodeStatus status = new NodeStatus();
      status.setAllocatable(node.getStatus().getAllocatable());
      status.setConditions(states(node.getStatus().getConditions()));
      lean.setStatus(status);
    }
    return lean;
  }

  private static List<NodeCondition> states(@Nullable List<NodeCondition> conditions) {
    return conditions == null
        ? List.of()
        : conditions.stream()
            .map(condition -> {
              NodeCondition state = new NodeCondition();
              state.setType(condition.getType());
              state.setStatus(condition.getStatus());
              return state;
            })
            .toList();
  }
}
