package dev.tandem.cli.controlplane;

import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentCondition;
import io.fabric8.kubernetes.api.model.apps.DeploymentConditionBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps as many pods as each Deployment asks for: the Deployment and ReplicaSet controllers in one,
 * without rolling updates. New pods get the API server's defaults, go through admission and are
 * stored; pods of a deleted Deployment are deleted. One virtual thread, one round every {@value
 * #PERIOD_MILLIS} ms.
 */
final class DeploymentLoop implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(DeploymentLoop.class);

  private static final int PERIOD_MILLIS = 100;

  /** A refused pod is tried again after this, as a ReplicaSet's rate limiter would. */
  private static final Duration REFUSED_PAUSE = Duration.ofSeconds(2);

  private static final String CONTROLLER_USER =
      "system:serviceaccount:kube-system:replicaset-controller";

  /** The alphabet of generated names: no vowels, so no words (k8s.io/apimachinery util/rand). */
  private static final String ALPHABET = "bcdfghjklmnpqrstvwxz2456789";

  private final KubernetesClient client;
  private final AdmissionClient admission;
  private final RandomGenerator random;
  private final Map<String, Instant> refusedUntil = new HashMap<>();
  private final Thread thread;
  private volatile boolean closed;

  DeploymentLoop(KubernetesClient client, AdmissionClient admission, RandomGenerator random) {
    this.client = client;
    this.admission = admission;
    this.random = random;
    thread = Thread.ofVirtual().name("deployments").start(this::run);
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    try {
      thread.join(Duration.ofSeconds(10));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    while (!closed) {
      try {
        round();
        Thread.sleep(PERIOD_MILLIS);
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException e) {
        if (!closed) {
          log.warn("deployment loop: {}", e.getMessage(), e);
        }
      }
    }
  }

  private void round() {
    List<Deployment> deployments =
        new ArrayList<>(client.apps().deployments().inAnyNamespace().list().getItems());
    deployments.sort(Comparator.comparing(d -> d.getMetadata().getName()));
    Map<String, List<Pod>> owned = ownedPods();
    Set<String> wanted = new HashSet<>();
    for (Deployment deployment : deployments) {
      String uid = deployment.getMetadata().getUid();
      wanted.add(uid);
      scale(deployment, owned.getOrDefault(uid, List.of()));
    }
    owned.forEach((uid, pods) -> {
      if (!wanted.contains(uid)) {
        pods.forEach(this::delete);
      }
    });
    refusedUntil.keySet().retainAll(wanted);
  }

  private Map<String, List<Pod>> ownedPods() {
    Map<String, List<Pod>> owned = new HashMap<>();
    for (Pod pod : client.pods().inAnyNamespace().list().getItems()) {
      for (OwnerReference owner : pod.getMetadata().getOwnerReferences()) {
        if ("Deployment".equals(owner.getKind())
            && pod.getMetadata().getDeletionTimestamp() == null) {
          owned.computeIfAbsent(owner.getUid(), u -> new ArrayList<>()).add(pod);
        }
      }
    }
    return owned;
  }

  private void scale(Deployment deployment, List<Pod> pods) {
    Integer replicas = deployment.getSpec().getReplicas();
    int wanted = replicas == null ? 1 : replicas;
    for (int surplus = wanted; surplus < pods.size(); surplus++) {
      delete(pods.get(surplus));
    }
    String uid = deployment.getMetadata().getUid();
    Instant pause = refusedUntil.get(uid);
    if (pause != null && pause.isAfter(Instant.now())) {
      return;
    }
    for (int missing = pods.size(); missing < wanted; missing++) {
      Pod pod = podOf(deployment);
      try {
        client.resource(admission.pod(pod, CONTROLLER_USER)).create();
      } catch (AdmissionDenied e) {
        refusedUntil.put(uid, Instant.now().plus(REFUSED_PAUSE));
        report(deployment, String.valueOf(e.getMessage()));
        return;
      }
    }
  }

  private Pod podOf(Deployment deployment) {
    PodTemplateSpec template = deployment.getSpec().getTemplate();
    String prefix = deployment.getMetadata().getName() + "-" + templateHash(template) + "-";
    PodSpec spec = template.getSpec();
    return new PodBuilder()
        .withNewMetadata()
        .withGenerateName(prefix)
        .withName(prefix + letters())
        .withNamespace(deployment.getMetadata().getNamespace())
        .withLabels(template.getMetadata().getLabels())
        .withAnnotations(template.getMetadata().getAnnotations())
        .withOwnerReferences(
            new OwnerReferenceBuilder()
                .withApiVersion("apps/v1")
                .withKind("Deployment")
                .withName(deployment.getMetadata().getName())
                .withUid(deployment.getMetadata().getUid())
                .withController(true)
                .build())
        .endMetadata()
        .withSpec(PodDefaults.applied(spec))
        .build();
  }

  private static String templateHash(PodTemplateSpec template) {
    StringBuilder hash = new StringBuilder();
    long bits = Integer.toUnsignedLong(Serialization.asJson(template).hashCode());
    for (int i = 0; i < 6; i++, bits /= ALPHABET.length()) {
      hash.append(ALPHABET.charAt((int) (bits % ALPHABET.length())));
    }
    return hash.toString();
  }

  private String letters() {
    StringBuilder letters = new StringBuilder();
    for (int i = 0; i < 5; i++) {
      letters.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return letters.toString();
  }

  private void delete(Pod pod) {
    client.resource(pod).withGracePeriod(0).delete();
  }

  /** The condition a ReplicaSet shows when its pods are refused; a user finds the reason there. */
  private void report(Deployment deployment, String message) {
    log.warn("deployment {}: {}", deployment.getMetadata().getName(), message);
    DeploymentCondition condition =
        new DeploymentConditionBuilder()
            .withType("ReplicaFailure")
            .withStatus("True")
            .withReason("FailedCreate")
            .withMessage(message)
            .build();
    try {
      client
          .apps()
          .deployments()
          .inNamespace(deployment.getMetadata().getNamespace())
          .withName(deployment.getMetadata().getName())
          .patch(JsonAdds.CONTEXT, JsonAdds.of(List.of(condition), "status", "conditions").text());
    } catch (KubernetesClientException e) {
      log.info("deployment {} is gone", deployment.getMetadata().getName());
    }
  }
}
