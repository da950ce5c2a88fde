package dev.tandem.webhook;

import dev.tandem.topology.facts.TopologyFile;
import dev.tandem.webhook.binding.BindingStamp;
import dev.tandem.webhook.certificates.CertificateIssuer;
import dev.tandem.webhook.certificates.CertificateStore;
import dev.tandem.webhook.certificates.InMemoryCertificates;
import dev.tandem.webhook.certificates.Registrar;
import dev.tandem.webhook.certificates.SecretCertificates;
import dev.tandem.webhook.certificates.ServingCertificate;
import dev.tandem.webhook.certificates.WebhookRegistration;
import dev.tandem.webhook.http.WarmUp;
import dev.tandem.webhook.http.WebhookMetrics;
import dev.tandem.webhook.http.WebhookServer;
import dev.tandem.webhook.inject.Injector;
import dev.tandem.webhook.watch.NodeLocalities;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A running webhook. Start order: certificate, warm-up, node watch, server, registration. */
public final class Webhook implements AutoCloseable {

  private final NodeLocalities localities;
  private final WebhookServer server;
  private final ServingCertificate certificate;

  private Webhook(NodeLocalities localities, WebhookServer server, ServingCertificate certificate) {
    this.localities = localities;
    this.server = server;
    this.certificate = certificate;
  }

  /**
   * Starts one in this JVM; it serves when this returns. The client stays the caller's to close.
   *
   * @throws io.fabric8.kubernetes.client.KubernetesClientException where the API server refuses
   * @throws UncheckedIOException where the topology file cannot be read
   */
  public static Webhook start(WebhookConfig config, KubernetesClient client) {
    Clock clock = Clock.systemUTC();
    TopologyFile file = topology(config.topologyFile());
    ServingCertificate certificate = certificates(config, client, clock).obtain();
    Injector injector = new Injector(config.injection());
    WarmUp.run(certificate, injector);
    WebhookMetrics metrics = new WebhookMetrics();
    metrics.certificateExpiry(certificate.expiry());
    NodeLocalities localities = NodeLocalities.watch(client, file);
    WebhookServer server = null;
    try {
      server =
          new WebhookServer(
              config.host(),
              config.port(),
              certificate,
              injector,
              new BindingStamp(localities),
              metrics,
              () -> notReady(localities, certificate.expiry(), clock));
      Webhook webhook = new Webhook(localities, server, certificate);
      webhook.introduce(config, client);
      return webhook;
    } catch (RuntimeException e) {
      if (server != null) {
        server.close();
      }
      localities.close();
      throw e;
    }
  }

  /** The port that was bound. */
  public int port() {
    return server.port();
  }

  /** Where it can be called from this machine, without a path. */
  public String url() {
    return "https://127.0.0.1:" + port();
  }

  /** The authority that signed our certificate, in PEM. */
  public String caBundlePem() {
    return certificate.caBundlePem();
  }

  /** Stops serving and watching. A registration stays, as it would in a crash: it fails open. */
  @Override
  public void close() {
    server.close();
    localities.close();
  }

  private void introduce(WebhookConfig config, KubernetesClient client) {
    String name = config.webhookConfiguration();
    if (name == null) {
      return;
    }
    Registrar registrar = new Registrar(client);
    if (config.register()) {
      registrar.register(
          new WebhookRegistration(
              name, url(), config.schedulerUsers(), List.of("kube-system", config.namespace())),
          caBundlePem());
    } else {
      registrar.trust(name, caBundlePem());
    }
  }

  private static CertificateStore certificates(
      WebhookConfig config, KubernetesClient client, Clock clock) {
    CertificateIssuer issuer = new CertificateIssuer(clock, new SecureRandom());
    String secret = config.certificateSecret();
    return secret == null
        ? new InMemoryCertificates(issuer, config.certificateNames())
        : new SecretCertificates(
            client, config.namespace(), secret, issuer, config.certificateNames(), clock);
  }

  private static @Nullable String notReady(NodeLocalities localities, Instant expiry, Clock clock) {
    if (!localities.synced()) {
      return "nodes are still being listed";
    }
    return clock.instant().isAfter(expiry) ? "the serving certificate ended at " + expiry : null;
  }

  private static @Nullable TopologyFile topology(@Nullable Path file) {
    if (file == null) {
      return null;
    }
    try {
      return TopologyFile.read(file);
    } catch (IOException e) {
      throw new UncheckedIOException("topology file " + file + ": " + e.getMessage(), e);
    }
  }
}
