package dev.tandem.e2e;

import dev.tandem.cli.controlplane.RealControlPlane;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Reviews at a fixed rate, each on a connection of its own that trusts the caBundle as it stands,
 * and dry runs of pods through the API server one after another.
 */
final class WebhookTraffic implements AutoCloseable {
  private static final int CALLERS = 4;
  private static final Duration EACH = Duration.ofMillis(20);
  private static final Duration BUNDLE_READ = Duration.ofMillis(100);

  private static final String REVIEW =
      """
      {"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"u","operation":"CREATE",\
      "namespace":"n","kind":{"group":"","version":"v1","kind":"Pod"},"object":{"spec":{"containers":\
      [{"name":"vllm","image":"vllm/vllm-openai:v0.26.0","args":["--model","m"]}]}}}}
      """
          .strip();

  private final ScheduledExecutorService threads = Executors.newScheduledThreadPool(CALLERS + 2);
  private final int port;
  private volatile String trusted;
  private final AtomicInteger calls = new AtomicInteger();
  private final AtomicInteger dryRuns = new AtomicInteger();
  private final Set<X509Certificate> leaves = ConcurrentHashMap.newKeySet();
  private final List<String> failures = new CopyOnWriteArrayList<>();

  private WebhookTraffic(WebhookReplicas replicas, RealControlPlane plane, String namespace) {
    this.port = replicas.port();
    this.trusted = replicas.caBundle();
    repeat(() -> trusted = replicas.caBundle(), BUNDLE_READ);
    repeat(() -> dryRun(plane, namespace), EACH);
    for (int i = 0; i < CALLERS; i++) {
      repeat(this::call, EACH);
    }
  }

  static WebhookTraffic start(WebhookReplicas replicas, RealControlPlane plane, String namespace) {
    return new WebhookTraffic(replicas, plane, namespace);
  }

  private void repeat(Runnable action, Duration period) {
    var unused =
        threads.scheduleAtFixedRate(
            () -> {
              try {
                action.run();
              } catch (RuntimeException e) {
                failures.add(e.toString());
              }
            },
            0,
            period.toMillis(),
            TimeUnit.MILLISECONDS);
  }

  private void call() {
    try {
      TlsCaller.Answer answer = new TlsCaller(trusted, port).post("/mutate-pods", REVIEW);
      leaves.add(answer.leaf());
      if (!answer.text().contains("\"patch\"")) {
        failures.add("not injected: " + answer.text());
      }
      calls.incrementAndGet();
    } catch (IOException e) {
      failures.add("call " + calls + ": " + e);
    }
  }

  /** Fails open where the API server cannot call: a pod without the sidecar is a lost injection. */
  private void dryRun(RealControlPlane plane, String namespace) {
    Pod pod = Examples.vllmPod(namespace, "dry-run", Map.of());
    try {
      Pod answer = plane.client().resource(pod).dryRun(true).create();
      if (answer.getSpec().getInitContainers().isEmpty()) {
        failures.add("dry run " + dryRuns + " was not injected");
      }
      dryRuns.incrementAndGet();
    } catch (KubernetesClientException e) {
      failures.add("dry run " + dryRuns + ": " + e);
    }
  }

  /** Whom the callers trust now, in PEM. */
  String trusted() {
    return trusted;
  }

  /** All that was shown to them. */
  Set<X509Certificate> leaves() {
    return Set.copyOf(leaves);
  }

  List<String> failures() {
    return List.copyOf(failures);
  }

  /** Waits for that many more calls, and for dry runs between them. */
  void awaitMore(int count) {
    int calledBefore = calls.get();
    int ranBefore = dryRuns.get();
    var unused =
        Eventually.becomes(
            "that many calls more, failures so far " + failures,
            () -> Math.min(calls.get() - calledBefore, 10 * (dryRuns.get() - ranBefore)),
            more -> more >= count || !failures.isEmpty());
  }

  @Override
  public void close() {
    threads.shutdownNow();
    try {
      if (!threads.awaitTermination(60, TimeUnit.SECONDS)) {
        throw new IllegalStateException("callers do not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
