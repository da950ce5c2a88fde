package dev.tandem.cli.bench;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.cli.controlplane.RealControlPlane;
import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.ListOptions;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.RollableScalableResource;
import java.time.Duration;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Pods as a cluster makes them: the replicas of a ReplicaSet, created by kube-controller-manager
 * and bound by a kube-scheduler, which both send their Events.
 */
final class ReplicatedPods implements PodArrival {

  private static final String NAME = "engines";
  private static final Map<String, String> SELECTED = Map.of("app", "llama");
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);
  private static final ListOptions ANY = new ListOptionsBuilder().withLimit(1L).build();

  private final KubernetesClient client;
  private final String namespace;

  private ReplicatedPods(KubernetesClient client, String namespace) {
    this.client = client;
    this.namespace = namespace;
  }

  /** Starts the scheduler, which ends with the control plane. */
  static ReplicatedPods start(RealControlPlane plane, String namespace) {
    ObjectNode configuration =
        JsonNodeFactory.instance
            .objectNode()
            .put("apiVersion", "kubescheduler.config.k8s.io/v1")
            .put("kind", "KubeSchedulerConfiguration");
    SchedulingSetup.unthrottle(configuration);
    // Injected pods ask for ours: one scheduler without an extender has both names here, so that
    // binding costs the same in every way.
    configuration
        .putArray("profiles")
        .add(JsonNodeFactory.instance.objectNode().put("schedulerName", "default-scheduler"))
        .add(JsonNodeFactory.instance.objectNode().put("schedulerName", "tandem"));
    var unused = plane.startScheduler("bench-scheduler", configuration, plane.kubeconfig());
    return new ReplicatedPods(plane.client(), namespace);
  }

  @Override
  public void arrive(int pods, UnaryOperator<String> pod) {
    client.resource(replicas(pods, pod.apply(NAME))).create();
    Patience.await("the replicas are created", BETWEEN_LOOKS, () -> created() == pods);
    Patience.await("the replicas are bound", BETWEEN_LOOKS, this::allBound);
  }

  private ReplicaSet replicas(int pods, String json) {
    Pod pod = client.getKubernetesSerialization().unmarshal(json, Pod.class);
    return new ReplicaSetBuilder()
        .withNewMetadata()
        .withName(NAME)
        .withNamespace(namespace)
        .endMetadata()
        .withNewSpec()
        .withReplicas(pods)
        .withNewSelector()
        .withMatchLabels(SELECTED)
        .endSelector()
        .withNewTemplate()
        .withNewMetadata()
        .withLabels(pod.getMetadata().getLabels())
        .withAnnotations(pod.getMetadata().getAnnotations())
        .endMetadata()
        .withSpec(pod.getSpec())
        .endTemplate()
        .endSpec()
        .build();
  }

  private int created() {
    ReplicaSet set = resource().get();
    Integer replicas =
        set == null || set.getStatus() == null ? null : set.getStatus().getReplicas();
    return replicas == null ? 0 : replicas;
  }

  private boolean allBound() {
    return client
        .pods()
        .inNamespace(namespace)
        .withField("spec.nodeName", "")
        .list(ANY)
        .getItems()
        .isEmpty();
  }

  @Override
  public void end() {
    resource().withPropagationPolicy(DeletionPropagation.BACKGROUND).delete();
    Patience.await("the replica set is gone", BETWEEN_LOOKS, () -> resource().get() == null);
  }

  private RollableScalableResource<ReplicaSet> resource() {
    return client.apps().replicaSets().inNamespace(namespace).withName(NAME);
  }
}
