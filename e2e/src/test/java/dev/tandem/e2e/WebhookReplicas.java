package dev.tandem.e2e;

import dev.tandem.cli.controlplane.LocalService;
import dev.tandem.cli.controlplane.RealControlPlane;
import dev.tandem.webhook.CertificateMode;
import dev.tandem.webhook.Webhook;
import dev.tandem.webhook.WebhookConfig;
import dev.tandem.webhook.certificates.Rotation;
import dev.tandem.webhook.inject.InjectionConfig;
import dev.tandem.webhook.tls.TlsLibrary;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfiguration;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Replicas of the webhook as the manifests install them, behind one address, with the rights of
 * their own account and the Secret they share; each step of the installation is the test's.
 */
final class WebhookReplicas implements AutoCloseable {
  private static final String SECRET = "tandem-webhook";

  private final RealControlPlane plane;
  private final Manifests manifests;
  private final Path account;
  private final ServiceAddress address = ServiceAddress.open();
  private final LocalService service;
  private final List<Webhook> running = new CopyOnWriteArrayList<>();
  private final List<KubernetesClient> clients = new CopyOnWriteArrayList<>();

  private WebhookReplicas(RealControlPlane plane) {
    this.plane = plane;
    manifests = new Manifests(plane);
    manifests.installRights();
    account = plane.kubeconfigOfServiceAccount("tandem-system", "tandem-webhook");
    forget();
    service = LocalService.create(plane.client(), address.port());
  }

  /** The rights are there, and nothing else. */
  static WebhookReplicas none(RealControlPlane plane) {
    return new WebhookReplicas(plane);
  }

  /** Writes the manifests' configuration. */
  void register() {
    plane.client().resource(service.inFrontOf(manifests.patientWebhook("manifests/base"))).create();
  }

  /** Starts one more; it serves when this returns. Any thread. */
  Webhook start(Rotation rotation, Clock clock) {
    KubernetesClient client = plane.clientFor(account);
    clients.add(client);
    WebhookConfig config =
        new WebhookConfig(
            "127.0.0.1",
            0,
            InjectionConfig.DEFAULT,
            List.of(WebhookConfig.SCHEDULER_USER),
            WebhookConfig.NAMESPACE,
            new CertificateMode.OwnSecret(SECRET),
            TlsLibrary.boringssl,
            rotation,
            "tandem-webhook",
            false,
            WebhookConfig.CONFIGURATION_NAME,
            null,
            null);
    Webhook webhook =
        Eventually.succeeds(() -> Webhook.start(config, client, clock, new SecureRandom()));
    running.add(webhook);
    address.add(webhook.port());
    return webhook;
  }

  Resource<Secret> secret() {
    return plane.client().secrets().inNamespace(WebhookConfig.NAMESPACE).withName(SECRET);
  }

  Resource<MutatingWebhookConfiguration> configuration() {
    return plane
        .client()
        .admissionRegistration()
        .v1()
        .mutatingWebhookConfigurations()
        .withName(WebhookConfig.CONFIGURATION_NAME);
  }

  /** Whom the API server trusts, by the first entry, in PEM. */
  String caBundle() {
    return decoded(configuration().get().getWebhooks().getFirst().getClientConfig().getCaBundle());
  }

  /** One entry of the shared Secret. */
  String stored(String key) {
    return decoded(Objects.requireNonNull(secret().get().getData().get(key)));
  }

  /** Where a client on loopback reaches any of them. */
  int port() {
    return address.port();
  }

  /** Changes nothing that counts, so that every replica looks at its certificates now. */
  void wake() {
    configuration()
        .edit(configuration -> {
          configuration
              .getMetadata()
              .setAnnotations(Map.of("woken", String.valueOf(System.nanoTime())));
          return configuration;
        });
  }

  private static String decoded(@Nullable String base64) {
    return base64 == null
        ? ""
        : new String(Base64.getDecoder().decode(base64), StandardCharsets.US_ASCII);
  }

  @Override
  public void close() {
    configuration().delete();
    running.forEach(Webhook::close);
    service.close();
    address.close();
    clients.forEach(KubernetesClient::close);
    forget();
  }

  private void forget() {
    configuration().delete();
    secret().delete();
  }
}
