package dev.tandem.cli.kubelet;

import dev.tandem.cli.controlplane.JsonAdds;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One pod from start to stop on a virtual thread of its own: address, processes, readiness, then
 * waiting for {@link #stop}. What goes wrong is written to the pod's status and logged.
 */
final class PodWorker {

  private static final Logger log = LoggerFactory.getLogger(PodWorker.class);

  /** A pod that is not ready after this is left running and reported. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final long POLL_MILLIS = 20;

  private final KubernetesClient client;
  private final PodRuntime runtime;
  private final Pod pod;
  private final String address;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final Thread thread;

  PodWorker(KubernetesClient client, PodRuntime runtime, Pod pod, String address) {
    this.client = client;
    this.runtime = runtime;
    this.pod = pod;
    this.address = address;
    thread = Thread.ofVirtual().name("pod-" + pod.getMetadata().getName()).unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /** Asks the pod to stop; {@link #join} waits for it. */
  void stop() {
    stop.countDown();
  }

  void join() throws InterruptedException {
    thread.join();
  }

  private void run() {
    report("False", "ContainersNotReady", "starting");
    try (PodRuntime.Running running = runtime.start(pod, address)) {
      String obstacle = awaitReady(running);
      if (obstacle.isEmpty()) {
        report("True", "", "");
      } else if (stop.getCount() > 0) {
        log.error("pod {} is not ready: {}", pod.getMetadata().getName(), obstacle);
        report("False", "ContainersNotReady", obstacle);
      }
      stop.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      log.error("pod {} cannot start: {}", pod.getMetadata().getName(), e.toString());
      report("False", "StartError", e.toString());
    }
  }

  private String awaitReady(PodRuntime.Running running) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      String obstacle = running.obstacle();
      if (obstacle.isEmpty()
          || System.nanoTime() > deadline
          || stop.await(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
        return obstacle;
      }
    }
  }

  private void report(String ready, String reason, String message) {
    String now = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    List<PodCondition> conditions = new ArrayList<>();
    for (String type : List.of("PodScheduled", "Initialized", "ContainersReady", "Ready")) {
      boolean follows = type.endsWith("Ready");
      PodConditionBuilder condition =
          new PodConditionBuilder()
              .withType(type)
              .withStatus(follows ? ready : "True")
              .withLastTransitionTime(now);
      if (follows && !reason.isEmpty()) {
        condition.withReason(reason).withMessage(message);
      }
      conditions.add(condition.build());
    }
    JsonAdds status =
        JsonAdds.of("Running", "status", "phase")
            .with(address, "status", "podIP")
            .with(List.of(Map.of("ip", address)), "status", "podIPs")
            .with(conditions, "status", "conditions");
    try {
      client
          .pods()
          .inNamespace(pod.getMetadata().getNamespace())
          .withName(pod.getMetadata().getName())
          .subresource("status")
          .patch(JsonAdds.CONTEXT, status.text());
    } catch (KubernetesClientException e) {
      if (stop.getCount() > 0) {
        log.warn("status of pod {}: {}", pod.getMetadata().getName(), e.getMessage());
      }
    }
  }
}
