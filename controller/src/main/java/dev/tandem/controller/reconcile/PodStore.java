package dev.tandem.controller.reconcile;

import dev.tandem.api.Keys;
import dev.tandem.controller.desired.BoundPod;
import dev.tandem.edge.watch.FirstAnswer;
import dev.tandem.edge.watch.LeanStore;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.net.URL;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bound pods of all namespaces and which namespaces opted in, kept up by two informers. Of a pod
 * about half a kilobyte is kept. Any thread.
 */
final class PodStore implements Predicate<String>, AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(PodStore.class);

  private static final String MIRROR = "kubernetes.io/config.mirror";
  private static final Set<String> ENDED = Set.of("Succeeded", "Failed");

  /** Objects of the first lists that are in memory whole at one time. */
  private static final long PAGE = 500;

  private final SharedIndexInformer<Pod> pods;
  private final SharedIndexInformer<Namespace> namespaces;
  private final Set<String> excluded;
  private final FirstAnswer firstAnswer;

  /**
   * Watches once it is {@link #start}ed.
   *
   * @param excluded namespaces that never count as opted in, and whose pods are never shown
   * @param changed told each pod that is new or changed; must not block
   * @param namespaceChanged told when a namespace opts in or out; must not block
   */
  PodStore(
      KubernetesClient client,
      Set<String> excluded,
      Consumer<BoundPod> changed,
      Runnable namespaceChanged) {
    this.excluded = excluded;
    // Pods that are bound nowhere or have ended are not even sent.
    this.pods =
        client
            .pods()
            .inAnyNamespace()
            .withoutField("spec.nodeName", "")
            .withoutField("status.phase", "Succeeded")
            .withoutField("status.phase", "Failed")
            .withLimit(PAGE)
            .runnableInformer(0)
            .itemStore(new LeanStore<>(PodStore::lean));
    this.namespaces =
        client
            .namespaces()
            .withLimit(PAGE)
            .runnableInformer(0)
            .itemStore(new LeanStore<>(PodStore::lean));
    pods.addEventHandler(new Pods(changed));
    namespaces.addEventHandler(new Namespaces(namespaceChanged));
    URL server = client.getMasterUrl();
    pods.exceptionHandler((started, problem) -> tryAgain("pods", server, problem));
    namespaces.exceptionHandler((started, problem) -> tryAgain("namespaces", server, problem));
    firstAnswer =
        new FirstAnswer(server, () -> pods.hasSynced() || namespaces.hasSynced(), log::warn);
  }

  /** Starts to watch; returns at once, {@link #synced} tells when the first lists are in. */
  void start() {
    namespaces.start();
    pods.start();
  }

  /** For ever: an API server comes back. */
  private static boolean tryAgain(String kind, URL server, Throwable problem) {
    Throwable cause = problem.getCause() == null ? problem : problem.getCause();
    log.warn("cannot watch {} of {}: {}; trying again", kind, server, cause.toString());
    return true;
  }

  /** Whether both first lists are in the store. */
  boolean synced() {
    return pods.hasSynced() && namespaces.hasSynced();
  }

  /** Whether a namespace opted in; false for one that is not known. */
  @Override
  public boolean test(String namespace) {
    Namespace found = namespaces.getIndexer().getByKey(namespace);
    return found != null && !excluded.contains(namespace) && "true".equals(inject(found));
  }

  /** The pod as last seen; null where it is gone, bound nowhere, or in an excluded namespace. */
  @Nullable BoundPod get(PodKey key) {
    Pod pod = pods.getIndexer().getByKey(key.toString());
    return pod == null || excluded.contains(key.namespace()) ? null : facts(pod);
  }

  /** Every pod as last seen. */
  Stream<BoundPod> all() {
    return pods.getStore().list().stream()
        .filter(pod -> !excluded.contains(pod.getMetadata().getNamespace()))
        .map(PodStore::facts);
  }

  @Override
  public void close() {
    firstAnswer.close();
    pods.close();
    namespaces.close();
  }

  private static @Nullable String inject(HasMetadata object) {
    return value(object.getMetadata().getLabels(), Keys.INJECT);
  }

  private static @Nullable String value(@Nullable Map<String, String> map, String key) {
    return map == null ? null : map.get(key);
  }

  private static BoundPod facts(Pod pod) {
    ObjectMeta metadata = pod.getMetadata();
    String node = pod.getSpec() == null ? null : pod.getSpec().getNodeName();
    String phase = pod.getStatus() == null ? null : pod.getStatus().getPhase();
    return new BoundPod(
        metadata.getNamespace(),
        metadata.getName(),
        metadata.getUid(),
        node == null || node.isEmpty() ? null : node,
        inject(pod),
        value(metadata.getAnnotations(), Keys.LOCALITY),
        metadata.getDeletionTimestamp() != null
            || (phase != null && ENDED.contains(phase))
            || value(metadata.getAnnotations(), MIRROR) != null);
  }

  private static Pod lean(Pod pod) {
    Pod lean = new Pod();
    ObjectMeta metadata = leanMetadata(pod);
    metadata.setDeletionTimestamp(pod.getMetadata().getDeletionTimestamp());
    metadata.setAnnotations(only(pod.getMetadata().getAnnotations(), Keys.LOCALITY, MIRROR));
    lean.setMetadata(metadata);
    PodSpec spec = new PodSpec();
    spec.setNodeName(pod.getSpec() == null ? null : pod.getSpec().getNodeName());
    lean.setSpec(spec);
    PodStatus status = new PodStatus();
    status.setPhase(pod.getStatus() == null ? null : pod.getStatus().getPhase());
    lean.setStatus(status);
    return lean;
  }

  private static Namespace lean(Namespace namespace) {
    Namespace lean = new Namespace();
    lean.setMetadata(leanMetadata(namespace));
    return lean;
  }

  private static ObjectMeta leanMetadata(HasMetadata object) {
    ObjectMeta metadata = LeanStore.identity(object.getMetadata());
    metadata.setLabels(only(object.getMetadata().getLabels(), Keys.INJECT));
    return metadata;
  }

  private static Map<String, String> only(@Nullable Map<String, String> map, String... keys) {
    Map<String, String> kept = new TreeMap<>();
    for (String key : keys) {
      String value = value(map, key);
      if (value != null) {
        kept.put(key, value);
      }
    }
    return kept;
  }

  private final class Pods implements ResourceEventHandler<Pod> {
    private final Consumer<BoundPod> changed;

    Pods(Consumer<BoundPod> changed) {
      this.changed = changed;
    }

    @Override
    public void onAdd(Pod pod) {
      if (!excluded.contains(pod.getMetadata().getNamespace())) {
        changed.accept(facts(pod));
      }
    }

    @Override
    public void onUpdate(Pod before, Pod now) {
      onAdd(now);
    }

    @Override
    public void onDelete(Pod pod, boolean stateUnknown) {}
  }

  private record Namespaces(Runnable changed) implements ResourceEventHandler<Namespace> {

    @Override
    public void onAdd(Namespace namespace) {
      changed.run();
    }

    @Override
    public void onUpdate(Namespace before, Namespace now) {
      if (!Objects.equals(inject(before), inject(now))) {
        changed.run();
      }
    }

    @Override
    public void onDelete(Namespace namespace, boolean stateUnknown) {}
  }
}
