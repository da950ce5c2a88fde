package dev.tandem.cli.controlplane;

import io.fabric8.kubernetes.api.model.Binding;
import io.fabric8.kubernetes.api.model.BindingBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A small kube-scheduler: one pod at a time, first come first served, in-tree filters, then the
 * profile's extender, then scores, then a Binding through admission. One virtual thread does all of
 * it, so that a pod always sees the one before it.
 *
 * <p>Pods that cannot run get the {@code PodScheduled=False} condition kube-scheduler would write
 * and are tried again after 1 s, doubling to 10 s (its podInitialBackoffSeconds and
 * podMaxBackoffSeconds).
 */
final class SchedulerLoop implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(SchedulerLoop.class);

  /**
   * The weight of our sample configuration: one step of the extender outranks all in-tree scores.
   */
  private static final int EXTENDER_WEIGHT = 150;

  /** kube-scheduler turns the extender's 0..10 into its own 0..100. */
  private static final int EXTENDER_SCALE = 10;

  private static final Duration FIRST_BACKOFF = Duration.ofSeconds(1);
  private static final Duration LONGEST_BACKOFF = Duration.ofSeconds(10);

  /** A scheduler name's account and, where it has one, its extender. */
  record Profile(String user, @Nullable ExtenderClient extender) {}

  private record Retry(Instant notBefore, Duration pause) {}

  private final KubernetesClient client;
  private final AdmissionClient admission;
  private final Map<String, Profile> profiles;
  private final RandomGenerator random;
  private final SharedIndexInformer<Pod> pods;
  private final Semaphore wake = new Semaphore(0);
  private final Map<String, Retry> retries = new HashMap<>();

  /** Pods bound by us, by UID, until the watch shows them bound: kube-scheduler's assumed pods. */
  private final Map<String, Pod> assumed = new ConcurrentHashMap<>();

  private final Thread thread;
  private volatile boolean closed;

  SchedulerLoop(
      KubernetesClient client,
      AdmissionClient admission,
      Map<String, Profile> profiles,
      RandomGenerator random) {
    this.client = client;
    this.admission = admission;
    this.profiles = Map.copyOf(profiles);
    this.random = random;
    pods = client.pods().inAnyNamespace().inform(new Waker());
    thread = Thread.ofVirtual().name("scheduler").start(this::run);
  }

  @Override
  public void close() {
    closed = true;
    wake.release();
    pods.close();
    try {
      thread.join(Duration.ofSeconds(10));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    while (!closed) {
      try {
        for (Pod pod : pending()) {
          if (closed) {
            return;
          }
          attempt(pod);
        }
        if (wake.tryAcquire(500, TimeUnit.MILLISECONDS)) {
          wake.drainPermits();
        }
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException e) {
        log.warn("scheduling loop: {}", e.getMessage(), e);
      }
    }
  }

  /** Pods waiting for one of our profiles, oldest first, without those that back off. */
  private List<Pod> pending() {
    Instant now = Instant.now();
    List<Pod> all = pods.getStore().list();
    for (Pod pod : all) {
      if (pod.getSpec().getNodeName() != null) {
        assumed.remove(pod.getMetadata().getUid());
      }
    }
    retries.keySet().retainAll(all.stream().map(pod -> pod.getMetadata().getUid()).toList());
    return all.stream()
        .filter(pod -> pod.getSpec().getNodeName() == null)
        .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
        .filter(pod -> !assumed.containsKey(pod.getMetadata().getUid()))
        .filter(pod -> profiles.containsKey(schedulerName(pod)))
        .filter(pod -> {
          Retry retry = retries.get(pod.getMetadata().getUid());
          return retry == null || !retry.notBefore().isAfter(now);
        })
        .sorted(
            Comparator.comparing((Pod pod) -> pod.getMetadata().getCreationTimestamp())
                .thenComparing(pod -> Long.parseLong(pod.getMetadata().getResourceVersion())))
        .toList();
  }

  private void attempt(Pod pod) throws InterruptedException {
    Profile profile = Objects.requireNonNull(profiles.get(schedulerName(pod)));
    try {
      Choice choice = choose(pod, profile.extender());
      switch (choice) {
        case Choice.Node(String name) -> {
          bind(pod, name, profile.user());
          retries.remove(pod.getMetadata().getUid());
        }
        case Choice.None(String message) -> backOff(pod, "Unschedulable", message);
      }
    } catch (IOException | AdmissionDenied | KubernetesClientException e) {
      backOff(pod, "SchedulerError", String.valueOf(e.getMessage()));
    }
  }

  private sealed interface Choice {
    record Node(String name) implements Choice {}

    record None(String message) implements Choice {}
  }

  private Choice choose(Pod pod, @Nullable ExtenderClient extender)
      throws IOException, InterruptedException {
    Map<String, NodeRoom> rooms = rooms();
    Map<String, Integer> refusals = new TreeMap<>();
    List<String> fitting = new ArrayList<>();
    for (NodeRoom room : rooms.values()) {
      List<String> obstacles = room.obstacles(pod);
      if (obstacles.isEmpty()) {
        fitting.add(room.name());
      }
      obstacles.forEach(obstacle -> refusals.merge(obstacle, 1, Integer::sum));
    }
    if (extender != null && !fitting.isEmpty()) {
      ExtenderClient.Filtered filtered = extender.filter(pod, fitting);
      filtered.failed().values().forEach(why -> refusals.merge(why, 1, Integer::sum));
      fitting.retainAll(filtered.nodes());
    }
    if (fitting.isEmpty()) {
      String why =
          refusals.entrySet().stream()
              .map(e -> e.getValue() + " " + e.getKey())
              .collect(Collectors.joining(", "));
      return new Choice.None("0/" + rooms.size() + " nodes are available: " + why + ".");
    }
    return new Choice.Node(best(pod, fitting, rooms, extender));
  }

  /** The node of the highest total; among equals a seeded draw, as kube-scheduler draws. */
  private String best(
      Pod pod, List<String> fitting, Map<String, NodeRoom> rooms, @Nullable ExtenderClient extender)
      throws InterruptedException {
    // kube-scheduler skips scoring when one node is left, and ignores an extender that fails to
    // score.
    Map<String, Integer> extra = Map.of();
    if (extender != null && fitting.size() > 1) {
      try {
        extra = extender.prioritize(pod, fitting);
      } catch (IOException e) {
        log.warn("extender gave no scores: {}", e.getMessage());
      }
    }
    List<String> best = new ArrayList<>();
    int highest = Integer.MIN_VALUE;
    for (String name : fitting) {
      NodeRoom room = Objects.requireNonNull(rooms.get(name));
      int total =
          room.leastAllocated(pod) + extra.getOrDefault(name, 0) * EXTENDER_WEIGHT * EXTENDER_SCALE;
      if (total > highest) {
        highest = total;
        best.clear();
      }
      if (total == highest) {
        best.add(name);
      }
    }
    return best.get(random.nextInt(best.size()));
  }

  private Map<String, NodeRoom> rooms() {
    Map<String, NodeRoom> rooms = new TreeMap<>();
    client
        .nodes()
        .list()
        .getItems()
        .forEach(node -> rooms.put(node.getMetadata().getName(), new NodeRoom(node)));
    Map<String, Pod> bound = new HashMap<>(assumed);
    for (Pod pod : pods.getStore().list()) {
      if (pod.getSpec().getNodeName() != null) {
        bound.put(pod.getMetadata().getUid(), pod);
      }
    }
    for (Pod pod : bound.values()) {
      NodeRoom room = rooms.get(pod.getSpec().getNodeName());
      if (room != null && !finished(pod)) {
        room.take(pod);
      }
    }
    return rooms;
  }

  private void bind(Pod pod, String node, String user) throws AdmissionDenied {
    Binding binding =
        new BindingBuilder()
            .withNewMetadata()
            .withName(pod.getMetadata().getName())
            .withNamespace(pod.getMetadata().getNamespace())
            .withUid(pod.getMetadata().getUid())
            .endMetadata()
            .withNewTarget()
            .withApiVersion("v1")
            .withKind("Node")
            .withName(node)
            .endTarget()
            .build();
    Binding admitted = admission.binding(binding, user);
    PodCondition scheduled =
        new PodConditionBuilder().withType("PodScheduled").withStatus("True").build();
    Pod bound = new PodBuilder(pod).editSpec().withNodeName(node).endSpec().build();
    assumed.put(pod.getMetadata().getUid(), bound);
    try {
      JsonAdds patch =
          JsonAdds.of(node, "spec", "nodeName")
              .with("Pending", "status", "phase")
              .with(List.of(scheduled), "status", "conditions");
      if (admitted.getMetadata().getAnnotations() != null) {
        // As the API server does: a Binding's annotations land on the pod in the write that binds.
        for (Map.Entry<String, String> annotation :
            admitted.getMetadata().getAnnotations().entrySet()) {
          patch = patch.with(annotation.getValue(), "metadata", "annotations", annotation.getKey());
        }
      }
      patch(pod, patch);
    } catch (KubernetesClientException e) {
      assumed.remove(pod.getMetadata().getUid());
      throw e;
    }
  }

  private void backOff(Pod pod, String reason, String message) {
    log.info(
        "pod {}/{} waits: {}",
        pod.getMetadata().getNamespace(),
        pod.getMetadata().getName(),
        message);
    Retry last = retries.get(pod.getMetadata().getUid());
    Duration pause = last == null ? FIRST_BACKOFF : last.pause().multipliedBy(2);
    pause = pause.compareTo(LONGEST_BACKOFF) > 0 ? LONGEST_BACKOFF : pause;
    retries.put(pod.getMetadata().getUid(), new Retry(Instant.now().plus(pause), pause));
    PodCondition condition =
        new PodConditionBuilder()
            .withType("PodScheduled")
            .withStatus("False")
            .withReason(reason)
            .withMessage(message)
            .build();
    try {
      patch(
          pod,
          JsonAdds.of("Pending", "status", "phase")
              .with(List.of(condition), "status", "conditions"));
    } catch (KubernetesClientException e) {
      log.info("pod {} is gone: {}", pod.getMetadata().getName(), e.getMessage());
    }
  }

  private void patch(Pod pod, JsonAdds change) {
    client
        .pods()
        .inNamespace(pod.getMetadata().getNamespace())
        .withName(pod.getMetadata().getName())
        .patch(JsonAdds.CONTEXT, change.text());
  }

  private static String schedulerName(Pod pod) {
    String name = pod.getSpec().getSchedulerName();
    return name == null ? "default-scheduler" : name;
  }

  private static boolean finished(Pod pod) {
    String phase = pod.getStatus() == null ? null : pod.getStatus().getPhase();
    return "Succeeded".equals(phase) || "Failed".equals(phase);
  }

  /** Wakes the loop on every change of a pod; a permit is enough, the loop reads the store. */
  private final class Waker implements ResourceEventHandler<Pod> {
    @Override
    public void onAdd(Pod pod) {
      wake.release();
    }

    @Override
    public void onUpdate(Pod before, Pod now) {
      wake.release();
    }

    @Override
    public void onDelete(Pod pod, boolean unknown) {
      wake.release();
    }
  }
}
