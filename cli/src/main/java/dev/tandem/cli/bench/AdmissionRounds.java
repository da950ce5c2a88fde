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
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import javax.net.SocketFactory;

/**
 * Has a real API server create and bind the same pods with the webhook registered and without; the
 * webhook runs all the time. Which comes first changes with the round.
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

  /** Both ways of a round. */
  record Pair(Run without, Run with) {

    double ratio() {
      return with.podsASecond() / without.podsASecond();
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

  /** One round of both; the first, number 0, is there to warm up. */
  Pair round(int number) {
    boolean webhookFirst = number % 2 == 1;
    Run first = run(webhookFirst);
    Run second = run(!webhookFirst);
    return webhookFirst ? new Pair(second, first) : new Pair(first, second);
  }

  private Run run(boolean registered) {
    switchTo(registered);
    List<byte[]> creations = new ArrayList<>();
    List<byte[]> binds = new ArrayList<>();
    String path = "/api/v1/namespaces/" + NAMESPACE + "/pods";
    for (int i = 0; i < pods; i++) {
      creations.add(KeptConnection.post(path, header, SampleReview.pod("p" + i)));
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
    check(registered);
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

  /** A round counts only if each pod was injected and stamped, or none was. */
  private void check(boolean registered) {
    long touched =
        stored().stream()
            .map(pod -> pod.getMetadata().getAnnotations())
            .filter(all -> all.containsKey(Keys.INJECTED) && all.containsKey(Keys.LOCALITY))
            .count();
    if (touched != (registered ? pods : 0)) {
      throw new IllegalStateException(
          "%d of %d pods were injected and stamped, with the webhook %s"
              .formatted(touched, pods, registered ? "registered" : "not registered"));
    }
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
