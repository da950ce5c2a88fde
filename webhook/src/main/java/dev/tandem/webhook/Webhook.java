package dev.tandem.webhook;

import dev.tandem.edge.process.ClusterProcess;
import dev.tandem.edge.watch.FirstAnswer;
import dev.tandem.edge.watch.FollowedTopology;
import dev.tandem.edge.watch.NodeLocalities;
import dev.tandem.webhook.binding.BindingStamp;
import dev.tandem.webhook.certificates.Registrar;
import dev.tandem.webhook.certificates.WebhookRegistration;
import dev.tandem.webhook.http.WarmUp;
import dev.tandem.webhook.http.WebhookMetrics;
import dev.tandem.webhook.http.WebhookServer;
import dev.tandem.webhook.inject.Injector;
import dev.tandem.webhook.tls.TlsConnections;
import dev.tandem.webhook.watch.OwnerEvents;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.UncheckedIOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running webhook. Start order: certificate, node watch, warm-up, server, registration. */
public final class Webhook implements ClusterProcess.Running {

  private static final Logger log = LoggerFactory.getLogger(Webhook.class);

  /** As often as the extender looks at its files by default. */
  private static final Duration LOOKS = Duration.ofSeconds(5);

  private final FollowedTopology topology;
  private final NodeLocalities localities;
  private final FirstAnswer firstAnswer;
  private final WebhookServer server;
  private final ServingCertificates certificates;
  private final OwnerEvents events;

  private Webhook(
      FollowedTopology topology,
      NodeLocalities localities,
      FirstAnswer firstAnswer,
      WebhookServer server,
      ServingCertificates certificates,
      OwnerEvents events) {
    this.topology = topology;
    this.localities = localities;
    this.firstAnswer = firstAnswer;
    this.server = server;
    this.certificates = certificates;
    this.events = events;
  }

  /**
   * Starts one in this JVM; it serves when this returns. The client stays the caller's to close.
   *
   * @throws io.fabric8.kubernetes.client.KubernetesClientException where the API server refuses
   * @throws UncheckedIOException where the topology file cannot be read
   */
  public static Webhook start(WebhookConfig config, KubernetesClient client) {
    return start(config, client, Clock.systemUTC(), new SecureRandom());
  }

  /** The same with a clock and randomness of the caller's, for tests of certificates. */
  public static Webhook start(
      WebhookConfig config, KubernetesClient client, Clock clock, SecureRandom random) {
    FollowedTopology topology = new FollowedTopology(config.topologyFile());
    WebhookMetrics metrics = new WebhookMetrics();
    ServingCertificates certificates =
        ServingCertificates.obtain(config, client, random, metrics, clock);
    metrics.certificateOf(certificates.served());
    Injector injector = new Injector(config.injection());
    NodeLocalities localities = NodeLocalities.watch(client, topology.first());
    FirstAnswer firstAnswer = new FirstAnswer(client.getMasterUrl(), localities::synced, log::warn);
    OwnerEvents events = OwnerEvents.start(client, clock, metrics::eventLost);
    WebhookServer server = null;
    try {
      WarmUp.run(injector, config.tls());
      server =
          new WebhookServer(
              config.host(),
              config.port(),
              new TlsConnections(certificates.served(), config.tls()),
              injector,
              new BindingStamp(localities),
              events,
              metrics,
              () -> obstacle(localities, certificates));
      Webhook webhook =
          new Webhook(topology, localities, firstAnswer, server, certificates, events);
      webhook.introduce(config, client);
      topology.follow(LOOKS, localities::learn);
      return webhook;
    } catch (RuntimeException e) {
      if (server != null) {
        server.close();
      }
      events.close();
      certificates.close();
      firstAnswer.close();
      localities.close();
      throw e;
    }
  }

  /**
   * Waits until it says of itself that it is ready, so that every node has its place; false if that
   * takes longer than {@code patience}.
   */
  public boolean awaitReady(Duration patience) throws InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    while (obstacle(localities, certificates) != null) {
      if (System.nanoTime() - end >= 0) {
        return false;
      }
      TimeUnit.MILLISECONDS.sleep(10);
    }
    return true;
  }

  /** Why it is not ready; null where it is. */
  private static @Nullable String obstacle(
      NodeLocalities localities, ServingCertificates certificates) {
    return localities.synced() ? certificates.notReady() : "nodes are still being listed";
  }

  /** The port that was bound. */
  public int port() {
    return server.port();
  }

  @Override
  public String url() {
    return "https://127.0.0.1:" + port();
  }

  /** The authorities that sign our certificate, in PEM; empty where they are not ours. */
  public String caBundlePem() {
    return certificates.caBundlePem();
  }

  /** Stops serving and watching. A registration stays, as it would in a crash: it fails open. */
  @Override
  public void close() {
    server.close();
    topology.close();
    events.close();
    certificates.close();
    firstAnswer.close();
    localities.close();
  }

  private void introduce(WebhookConfig config, KubernetesClient client) {
    String name = config.webhookConfiguration();
    if (name != null && config.register()) {
      new Registrar(client)
          .register(
              new WebhookRegistration(
                  name, url(), config.schedulerUsers(), List.of("kube-system", config.namespace())),
              caBundlePem());
    }
    certificates.lookAfter();
  }
}
