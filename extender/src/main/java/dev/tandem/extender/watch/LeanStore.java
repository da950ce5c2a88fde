package dev.tandem.extender.watch;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeCondition;
import io.fabric8.kubernetes.api.model.NodeSpec;
import io.fabric8.kubernetes.api.model.NodeStatus;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Objects as an informer remembers them, cut down to what is read of them later: a Node's image
 * list and a Pod's whole specification are kilobytes to tens of kilobytes, times thousands. What is
 * new is told whole; only what comes out of here is lean. Any thread.
 */
final class LeanStore<T extends HasMetadata> implements ItemStore<T> {
  private final Map<String, T> items = new ConcurrentHashMap<>();
  private final UnaryOperator<T> lean;

  private LeanStore(UnaryOperator<T> lean) {
    this.lean = lean;
  }

  /** Keeps what {@link KubernetesFacts} reads of a node: configuration may want all read anew. */
  static LeanStore<Node> nodes() {
    return new LeanStore<>(LeanStore::lean);
  }

  /** Keeps who a pod is, to tell that it is gone. */
  static LeanStore<Pod> pods() {
    return new LeanStore<>(pod -> {
      Pod lean = new Pod();
      lean.setMetadata(lean(pod.getMetadata()));
      return lean;
    });
  }

  private static Node lean(Node node) {
    Node lean = new Node();
    ObjectMeta metadata = lean(node.getMetadata());
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

  private static ObjectMeta lean(ObjectMeta metadata) {
    ObjectMeta lean = new ObjectMeta();
    lean.setName(metadata.getName());
    lean.setNamespace(metadata.getNamespace());
    lean.setUid(metadata.getUid());
    lean.setResourceVersion(metadata.getResourceVersion());
    return lean;
  }

  @Override
  public String getKey(T item) {
    return Cache.metaNamespaceKeyFunc(item);
  }

  @Override
  public @Nullable T put(String key, T item) {
    return items.put(key, lean.apply(item));
  }

  @Override
  public @Nullable T remove(String key) {
    return items.remove(key);
  }

  @Override
  public Stream<String> keySet() {
    return items.keySet().stream();
  }

  @Override
  public Stream<T> values() {
    return items.values().stream();
  }

  @Override
  public int size() {
    return items.size();
  }

  @Override
  public @Nullable T get(String key) {
    return items.get(key);
  }

  /** False makes the informer tell handlers of the object that came and not of the lean one. */
  @Override
  public boolean isFullState() {
    return false;
  }
}
