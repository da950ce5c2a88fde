package dev.tandem.cli.bench;

import dev.tandem.api.Keys;
import dev.tandem.cli.controlplane.RealControlPlane;
import dev.tandem.cli.controlplane.WebhookProcess;
import dev.tandem.cli.images.ImageStart;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfiguration;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.internal.SSLUtils;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import javax.net.SocketFactory;

/**
 * Has a real API server create and bind pods: without the webhook, with it and pods it leaves alone
 * (the price of being asked), and with it and pods it injects. The webhook runs all the time. Which
 * comes first changes with the round.
 */
final class AdmissionRounds implements AutoCloseable {

  private static final String NAMESPACE = "bench";
  private static final String NODE = "node-0";
  private static final int CONNECTIONS = 8;
  private static final int ATTEMPTS = 600;

  private final RealControlPlane plane;
  private final WebhookProcess webhook;
  private final MutatingWebhookConfiguration configuration;
  private final SocketFactory sockets;
  private final int port;
  private final String header;
  private final int pods;

  /**
   * One way of one round.
   *
   * @param podsASecond created and bound
   * @param millisAPod processor time for each pod, by program; the webhook is {@code java}
   */
  record Run(double podsASecond, Map<String, Double> millisAPod) {}

  /** What the webhook does in a run. */
  private enum Way {
    ABSENT,
    LEAVES_ALONE,
    INJECTS
  }

  /** Every way of a round. */
  record Round(Run without, Run leftAlone, Run with) {

    double ratio() {
      return with.podsASecond() / without.podsASecond();
    }

    double ratioLeftAlone() {
      return leftAlone.podsASecond() / without.podsASecond();
    }
  }

  private AdmissionRounds(RealControlPlane plane, WebhookProcess webhook, int pods)
      throws IOException, GeneralSecurityException {
    this.plane = plane;
    this.webhook = webhook;
    this.pods = pods;
    configuration = registration().get();
    configuration.getMetadata().setResourceVersion(null);
    Config config = plane.client().getConfiguration();
    sockets = SSLUtils.sslContext(config).getSocketFactory();
    port = plane.client().getMasterUrl().getPort();
    String token =
        config.getOauthToken() == null ? config.getAutoOAuthToken() : config.getOauthToken();
    header = "Authorization: Bearer " + token + "\r\n";
  }

  static AdmissionRounds start(RealControlPlane plane, ImageStart image, int pods)
      throws IOException, GeneralSecurityException {
    KubernetesClient client = plane.client();
    client
        .resource(
            new NodeBuilder()
                .withNewMetadata()
                .withName(NODE)
                .addToLabels("topology.kubernetes.io/zone", "z")
                .addToLabels("nvidia.com/gpu.clique", "domain.0")
                .endMetadata()
                .build())
        .create();
    client
        .resource(
            new NamespaceBuilder()
                .withNewMetadata()
                .withName(NAMESPACE)
                .addToLabels(Keys.INJECT, "true")
                .endMetadata()
                .build())
        .create();
    await(
        "account of the namespace",
        () -> client.serviceAccounts().inNamespace(NAMESPACE).withName("default").get() != null);
    WebhookProcess webhook =
        WebhookProcess.start(client, plane.kubeconfig(), List.of(), image, true);
    try {
      return new AdmissionRounds(plane, webhook, pods);
    } catch (IOException | GeneralSecurityException | RuntimeException e) {
      webhook.close();
      throw e;
    }
  }

  /** One round of all ways; the first, number 0, begins without the webhook. */
  Round round(int number) {
    Map<Way, Run> runs = new EnumMap<>(Way.class);
    List<Way> order = new ArrayList<>(List.of(Way.values()));
    Collections.rotate(order, number);
    for (Way way : order) {
      runs.put(way, run(way));
    }
    return new Round(
        Objects.requireNonNull(runs.get(Way.ABSENT)),
        Objects.requireNonNull(runs.get(Way.LEAVES_ALONE)),
        Objects.requireNonNull(runs.get(Way.INJECTS)));
  }

  private Run run(Way way) {
    switchTo(way != Way.ABSENT);
    List<byte[]> creations = new ArrayList<>();
    List<byte[]> binds = new ArrayList<>();
    String path = "/api/v1/namespaces/" + NAMESPACE + "/pods";
    for (int i = 0; i < pods; i++) {
      String name = "p" + i;
      creations.add(
          KeptConnection.post(
              path,
              header,
              way == Way.LEAVES_ALONE ? SampleReview.otherPod(name) : SampleReview.pod(name)));
      binds.add(
          KeptConnection.post(
              path + "/p" + i + "/binding",
              header,
              "{\"apiVersion\":\"v1\",\"kind\":\"Binding\",\"metadata\":{\"name\":\"p%d\"},\"target\":{\"apiVersion\":\"v1\",\"kind\":\"Node\",\"name\":\"%s\"}}"
                  .formatted(i, NODE)));
    }
    ProcessorTime before = ProcessorTime.now();
    long start = System.nanoTime();
    send(creations, binds);
    double seconds = (System.nanoTime() - start) / 1e9;
    Map<String, Double> millis = ProcessorTime.now().millisEach(before, pods);
    check(way);
    plane.client().pods().inNamespace(NAMESPACE).withGracePeriod(0).delete();
    await("pods are gone", () -> stored().isEmpty());
    return new Run(pods / seconds, millis);
  }

  private void send(List<byte[]> creations, List<byte[]> binds) {
    AtomicInteger next = new AtomicInteger();
    try {
      var unused =
          ParallelCalls.sorted(
              CONNECTIONS,
              0,
              (index, nanos) -> {
                try (KeptConnection connection = new KeptConnection(sockets, port)) {
                  for (int n = next.getAndIncrement();
                      n < creations.size();
                      n = next.getAndIncrement()) {
                    connection.call(creations.get(n));
                    connection.call(binds.get(n));
                  }
                }
              });
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** A run counts only if each pod is as the webhook would leave it. */
  private void check(Way way) {
    long injected = carrying(Keys.INJECTED);
    long stamped = carrying(Keys.LOCALITY);
    if (injected != (way == Way.INJECTS ? pods : 0) || stamped != (way == Way.ABSENT ? 0 : pods)) {
      throw new IllegalStateException(
          "of %d pods %d were injected and %d stamped, where the webhook is %s"
              .formatted(pods, injected, stamped, way));
    }
  }

  private long carrying(String annotation) {
    return stored().stream()
        .map(pod -> pod.getMetadata().getAnnotations())
        .filter(all -> all != null && all.containsKey(annotation))
        .count();
  }

  private List<Pod> stored() {
    return plane.client().pods().inNamespace(NAMESPACE).list().getItems();
  }

  /** Returns once the API server has learnt of it. */
  private void switchTo(boolean registered) {
    if (!registered) {
      registration().delete();
    } else if (registration().get() == null) {
      plane.client().resource(configuration).create();
    }
    Pod probe =
        plane.client().getKubernetesSerialization().unmarshal(SampleReview.pod("probe"), Pod.class);
    await(
        "the registration takes effect",
        () ->
            plane
                    .client()
                    .resource(probe)
                    .dryRun(true)
                    .create()
                    .getMetadata()
                    .getAnnotations()
                    .containsKey(Keys.INJECTED)
                == registered);
  }

  private Resource<MutatingWebhookConfiguration> registration() {
    return plane
        .client()
        .admissionRegistration()
        .v1()
        .mutatingWebhookConfigurations()
        .withName("tandem");
  }

  private static void await(String what, BooleanSupplier condition) {
    for (int i = 0; i < ATTEMPTS; i++) {
      if (condition.getAsBoolean()) {
        return;
      }
      try {
        Thread.sleep(100);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted", e);
      }
    }
    throw new IllegalStateException("not within a minute: " + what);
  }

  @Override
  public void close() {
    webhook.close();
  }
}
