package dev.tandem.e2e;

import dev.tandem.cli.controlplane.RealControlPlane;
import dev.tandem.webhook.CertificateMode;
import dev.tandem.webhook.Webhook;
import dev.tandem.webhook.WebhookConfig;
import dev.tandem.webhook.certificates.Rotation;
import dev.tandem.webhook.inject.InjectionConfig;
import dev.tandem.webhook.tls.TlsLibrary;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ServiceReference;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;

/**
 * The webhook as the manifests install it: their configuration with the Service's address replaced
 * by a loopback URL, the shared Secret, and the rights of its own account.
 */
final class InstalledWebhook implements AutoCloseable {
  private final RealControlPlane plane;
  private final KubernetesClient client;
  private final int port = Ports.free();
  private Webhook webhook;

  private InstalledWebhook(RealControlPlane plane, String kustomization) {
    this.plane = plane;
    Manifests manifests = new Manifests(plane);
    manifests.installRights();
    register(manifests.one(kustomization, MutatingWebhookConfiguration.class, "tandem"));
    client = plane.clientFor(plane.kubeconfigOfServiceAccount("tandem-system", "tandem-webhook"));
    webhook = serve();
  }

  static InstalledWebhook start(RealControlPlane plane) {
    return start(plane, "manifests/base");
  }

  /** The same from an overlay of the base. */
  static InstalledWebhook start(RealControlPlane plane, String kustomization) {
    return new InstalledWebhook(plane, kustomization);
  }

  /** Serves again after a crash, where it did before. */
  void comeBack() {
    webhook = serve();
  }

  private Webhook serve() {
    return Eventually.succeeds(() -> Webhook.start(config(port), client));
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
    webhook.close();
    client.close();
  }

  private void register(MutatingWebhookConfiguration configuration) {
    configuration
        .getWebhooks()
        .forEach(entry -> {
          ServiceReference service = entry.getClientConfig().getService();
          entry.getClientConfig().setService(null);
          entry.getClientConfig().setUrl("https://127.0.0.1:" + port + service.getPath());
        });
    plane.client().resource(configuration).create();
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
