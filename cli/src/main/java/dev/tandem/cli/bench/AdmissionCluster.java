package dev.tandem.cli.bench;

import dev.tandem.api.Keys;
import dev.tandem.cli.bench.AdmissionRounds.Registrations;
import dev.tandem.cli.controlplane.CannedWebhook;
import dev.tandem.cli.controlplane.LocalService;
import dev.tandem.cli.controlplane.RealControlPlane;
import dev.tandem.cli.controlplane.TrustedAuthorities;
import dev.tandem.cli.controlplane.WebhookProcess;
import dev.tandem.cli.images.ImageStart;
import dev.tandem.webhook.WebhookConfig;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfiguration;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Map;
import javax.net.SocketFactory;

/**
 * A control plane with nodes that have room for all pods of a run, a namespace that opted in, our
 * webhook, and one that repeats its answers.
 */
final class AdmissionCluster implements AutoCloseable {

  static final String NAMESPACE = "bench";

  /** Pods of the benchmark that fit on one node. */
  private static final int PODS_A_NODE = 8;

  private static final int CONNECTIONS = 8;

  /** For each pod of a run: 40,000 for a thousand, half of which would leave the JVM compiling. */
  private static final int REVIEWS_TO_WARM_UP = 40;

  private static final int HANDSHAKES_TO_WARM_UP = 10;

  private final RealControlPlane plane;
  private final WebhookProcess webhook;
  private final CannedWebhook canned;
  private final Registrations registrations;

  private AdmissionCluster(RealControlPlane plane, WebhookProcess webhook, CannedWebhook canned) {
    this.plane = plane;
    this.webhook = webhook;
    this.canned = canned;
    MutatingWebhookConfiguration ours =
        plane
            .client()
            .admissionRegistration()
            .v1()
            .mutatingWebhookConfigurations()
            .withName("tandem")
            .get();
    ours.getMetadata().setResourceVersion(null);
    MutatingWebhookConfiguration byService =
        LocalService.create(plane.client(), webhook.port()).inFrontOf(ours);
    byService.getMetadata().setName("tandem-by-service");
    registrations = new Registrations(ours, byService, canned.inPlaceOf(ours));
  }

  /** Returns when everything is ready for runs of so many pods. */
  static AdmissionCluster start(RealControlPlane plane, ImageStart image, int pods)
      throws IOException, GeneralSecurityException, InterruptedException {
    KubernetesClient client = plane.client();
    for (int i = 0; i * PODS_A_NODE < pods; i++) {
      createNode(client, node(i));
    }
    BenchNamespace.create(client, NAMESPACE, Map.of(Keys.INJECT, "true"));
    BenchNamespace.create(client, WebhookConfig.NAMESPACE, Map.of());
    WebhookProcess webhook =
        WebhookProcess.start(client, plane.kubeconfig(), List.of(), image, true);
    try {
      warmUp(webhook, pods);
      return new AdmissionCluster(plane, webhook, CannedWebhook.start(plane, webhook));
    } catch (IOException | GeneralSecurityException | InterruptedException | RuntimeException e) {
      webhook.close();
      throw e;
    }
  }

  /** The name of a node of this cluster. */
  static String node(int number) {
    return "node-" + number;
  }

  private static void createNode(KubernetesClient client, String name) {
    Map<String, Quantity> room =
        Map.of(
            "cpu", new Quantity("96"),
            "memory", new Quantity("1Ti"),
            "pods", new Quantity("110"),
            "nvidia.com/gpu", new Quantity(String.valueOf(PODS_A_NODE)),
            "example.com/dev", new Quantity(String.valueOf(PODS_A_NODE)));
    client
        .resource(
            new NodeBuilder()
                .withNewMetadata()
                .withName(name)
                .addToLabels("topology.kubernetes.io/zone", "z")
                .addToLabels("nvidia.com/gpu.clique", "domain.0")
                .endMetadata()
                .withNewStatus()
                .withCapacity(room)
                .withAllocatable(room)
                .endStatus()
                .build())
        .create();
  }

  private static void warmUp(WebhookProcess webhook, int pods)
      throws IOException, GeneralSecurityException, InterruptedException {
    SocketFactory sockets = TrustedAuthorities.context(webhook.caBundlePem()).getSocketFactory();
    ClosedLoop loop =
        new ClosedLoop(sockets, webhook.port(), "/mutate-pods", SampleReview.typical());
    var kept = loop.run(CONNECTIONS, pods * REVIEWS_TO_WARM_UP / CONNECTIONS);
    var fresh = loop.runOnNewConnections(CONNECTIONS, pods * HANDSHAKES_TO_WARM_UP / CONNECTIONS);
  }

  /** Rounds in which so many pods come in this way. */
  AdmissionRounds rounds(PodArrival arrival, int pods) {
    return new AdmissionRounds(plane.client(), NAMESPACE, registrations, arrival, pods);
  }

  @Override
  public void close() {
    canned.close();
    webhook.close();
  }
}
