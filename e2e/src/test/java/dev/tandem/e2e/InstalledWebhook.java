package dev.tandem.e2e;

import dev.tandem.cli.controlplane.LocalService;
import dev.tandem.cli.controlplane.RealControlPlane;
import dev.tandem.webhook.CertificateMode;
import dev.tandem.webhook.Webhook;
import dev.tandem.webhook.WebhookConfig;
import dev.tandem.webhook.certificates.Rotation;
import dev.tandem.webhook.inject.InjectionConfig;
import dev.tandem.webhook.tls.TlsLibrary;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfiguration;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.net.URI;
import java.util.List;

/**
 * The webhook as the manifests install it: their configuration with the port it has here, the
 * shared Secret, and the rights of its own account.
 */
final class InstalledWebhook implements AutoCloseable {
  private final RealControlPlane plane;
  private final KubernetesClient client;
  private final int port = Ports.free();
  private final LocalService service;
  private Webhook webhook;

  private InstalledWebhook(RealControlPlane plane, String kustomization) {
    this.plane = plane;
    Manifests manifests = new Manifests(plane);
    manifests.installRights();
    service = LocalService.create(plane.client(), port);
    register(manifests.patientWebhook(kustomization));
    client = plane.clientFor(plane.kubeconfigOfServiceAccount("tandem-system", "tandem-webhook"));
    webhook = serve();
  }

  static InstalledWebhook start(RealControlPlane plane) {
    return start(plane, "manifests/base");
  }

  /** The same from an overlay of the base; the API server asks it when this returns. */
  static InstalledWebhook start(RealControlPlane plane, String kustomization) {
    InstalledWebhook webhook = new InstalledWebhook(plane, kustomization);
    Examples.awaitInjected(plane.client());
    return webhook;
  }

  /** Serves again after a crash, where it did before. */
  void comeBack() {
    webhook = serve();
  }

  private Webhook serve() {
    return Eventually.succeeds(() -> Webhook.start(config(port), client));
  }

  /** What it answers, header and all. */
  String get(String path) throws IOException {
    return new TlsCaller(webhook.caBundlePem(), port).get(path).text();
  }

  /** Ends the process and leaves its registration, as a crash would. */
  void crash() {
    webhook.close();
  }

  @Override
  public void close() {
    plane
        .client()
        .admissionRegistration()
        .v1()
        .mutatingWebhookConfigurations()
        .withName(WebhookConfig.CONFIGURATION_NAME)
        .delete();
    service.close();
    webhook.close();
    client.close();
  }

  /** By the Service or the loopback URL, whichever the manifests name. */
  private void register(MutatingWebhookConfiguration configuration) {
    boolean local = configuration.getWebhooks().getFirst().getClientConfig().getService() == null;
    if (local) {
      configuration
          .getWebhooks()
          .forEach(entry -> entry.getClientConfig().setUrl(here(entry.getClientConfig().getUrl())));
    }
    plane.client().resource(local ? configuration : service.inFrontOf(configuration)).create();
  }

  private String here(String url) {
    return "https://127.0.0.1:" + port + URI.create(url).getPath();
  }

  /** What the arguments in {@code manifests/base/webhook/deployment.yaml} amount to. */
  private static WebhookConfig config(int port) {
    return new WebhookConfig(
        "127.0.0.1",
        port,
        InjectionConfig.DEFAULT,
        List.of(WebhookConfig.SCHEDULER_USER),
        WebhookConfig.NAMESPACE,
        new CertificateMode.OwnSecret("tandem-webhook"),
        TlsLibrary.boringssl,
        Rotation.standard(0),
        "tandem-webhook",
        false,
        WebhookConfig.CONFIGURATION_NAME,
        null,
        null);
  }
}
