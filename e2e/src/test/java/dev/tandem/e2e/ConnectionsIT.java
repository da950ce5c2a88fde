package dev.tandem.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.api.Keys;
import dev.tandem.cli.controlplane.RealControlPlane;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What an API server makes of the two ways the manifests tell it to reach the webhook. */
@ExtendWith(ControlPlaneExtension.class)
final class ConnectionsIT {
  private static final int PODS = 200;

  private static final Pattern OPENED =
      Pattern.compile(
          "^tandem_webhook_connections_opened_total\\{protocol=\"(.*)\"} (.*)$", Pattern.MULTILINE);

  /** Its calls of one entry share a connection; it dials a few before the first stands. */
  @Test
  void onItsOwnHostItKeepsToAFewConnectionsOfHttp2(RealControlPlane plane) throws Exception {
    Map<String, Long> opened = afterABurst(plane, "manifests/control-plane", "connections-local");

    assertThat(opened.get("HTTP/2.0")).isBetween(1L, PODS / 4L);
  }

  @Test
  void throughAServiceItNeverAsksForHttp2(RealControlPlane plane) throws Exception {
    Map<String, Long> opened = afterABurst(plane, "manifests/base", "connections-service");

    // One of them asked for the metrics.
    assertThat(opened.get("HTTP/1.1")).isGreaterThan(1);
    assertThat(opened).doesNotContainKey("HTTP/2.0");
  }

  /** Connections by what was spoken on them; every pod of the burst was injected. */
  private static Map<String, Long> afterABurst(
      RealControlPlane plane, String kustomization, String namespace) throws Exception {
    try (InstalledWebhook webhook = InstalledWebhook.start(plane, kustomization);
        Workspace optedIn =
            Workspace.create(plane.client(), namespace, Map.of(Keys.INJECT, "true"));
        ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Pod>> created = new ArrayList<>();
      for (int i = 0; i < PODS; i++) {
        Pod pod = engine(optedIn, "burst-" + i);
        created.add(callers.submit(() -> optedIn.create(pod)));
      }
      for (Future<Pod> pod : created) {
        isInjected(pod.get());
      }
      return connections(webhook);
    }
  }

  private static Pod engine(Workspace optedIn, String name) {
    return Examples.vllmPod(optedIn.namespace(), name, Map.of());
  }

  private static void isInjected(Pod pod) {
    assertThat(pod.getMetadata().getAnnotations()).containsKey(Keys.INJECTED);
  }

  private static Map<String, Long> connections(InstalledWebhook webhook) throws IOException {
    return OPENED
        .matcher(webhook.get("/metrics"))
        .results()
        .collect(
            Collectors.toMap(
                opened -> opened.group(1), opened -> (long) Double.parseDouble(opened.group(2))));
  }
}
