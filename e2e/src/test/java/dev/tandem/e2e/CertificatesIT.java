package dev.tandem.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.api.Keys;
import dev.tandem.cli.controlplane.RealControlPlane;
import dev.tandem.webhook.Webhook;
import dev.tandem.webhook.certificates.Rotation;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** How replicas come to one certificate, and what becomes of them when it is damaged. */
@ExtendWith(ControlPlaneExtension.class)
final class CertificatesIT {
  private static final Rotation ROTATION = Rotation.standard(0);

  private WebhookReplicas replicas;
  private Workspace workspace;

  @BeforeEach
  void install(RealControlPlane plane) {
    replicas = WebhookReplicas.none(plane);
    workspace =
        Workspace.create(
            plane.client(), "certificates-" + System.nanoTime(), Map.of(Keys.INJECT, "true"));
  }

  @AfterEach
  void uninstall() {
    workspace.close();
    replicas.close();
  }

  @Test
  void replicasThatStartTogetherComeToOneAuthority() throws Exception {
    replicas.register();
    List<Webhook> started = startedTogether(3);

    String authority = replicas.stored("ca.crt");
    assertThat(certificates(authority)).isEqualTo(1);
    assertThat(started).extracting(Webhook::caBundlePem).containsOnly(authority);
    assertThat(replicas.caBundle()).isEqualTo(authority);
    for (Webhook webhook : started) {
      Eventually.passes(
          () -> assertThat(get(webhook, "/readyz")).startsWith("HTTP/1.1 200").endsWith("ready"));
    }
    assertInjected("together");
  }

  @Test
  void aReplicaThatDiedBeforeItToldTheApiServerIsContinuedByTheNext() {
    // Without a configuration it writes the Secret, and ends where it would tell whom to trust.
    assertThatThrownBy(() -> replicas.start(ROTATION, Clock.systemUTC()))
        .hasMessageContaining("MutatingWebhookConfiguration tandem does not exist");
    String authority = replicas.stored("ca.crt");
    replicas.register();
    assertThat(replicas.caBundle()).isEmpty();

    replicas.start(ROTATION, Clock.systemUTC());

    assertThat(replicas.stored("ca.crt")).isEqualTo(authority);
    assertThat(replicas.caBundle()).isEqualTo(authority);
    assertInjected("after-a-death");
  }

  @Test
  void aDamagedSecretKeepsTheCertificateInServiceAndRaisesTheAlarm() {
    replicas.register();
    Webhook webhook = replicas.start(ROTATION, Clock.systemUTC());
    Map<String, String> good = replicas.secret().get().getData();

    putKey(Base64.getEncoder().encodeToString("no key".getBytes(StandardCharsets.US_ASCII)));
    awaitAlarm(webhook, 1);
    assertInjected("while-damaged");
    assertThat(replicas.caBundle()).isEqualTo(webhook.caBundlePem());

    putKey(Objects.requireNonNull(good.get("tls.key")));
    awaitAlarm(webhook, 0);
    assertInjected("after-repair");
  }

  @Test
  void aDeletedSecretIsReplacedBesideTheAuthorityInUse() {
    replicas.register();
    Webhook webhook = replicas.start(ROTATION, Clock.systemUTC());
    String before = webhook.caBundlePem();

    replicas.secret().delete();

    Eventually.passes(
        () -> assertThat(replicas.caBundle()).endsWith(before).hasSizeGreaterThan(before.length()));
    assertInjected("meanwhile");
  }

  @Test
  void aBundleThatSomebodyEmptiedIsPutRight() {
    replicas.register();
    Webhook webhook = replicas.start(ROTATION, Clock.systemUTC());

    replicas
        .configuration()
        .edit(configuration -> {
          configuration.getWebhooks().forEach(entry -> entry.getClientConfig().setCaBundle(null));
          return configuration;
        });

    Eventually.passes(() -> assertThat(replicas.caBundle()).isEqualTo(webhook.caBundlePem()));
    assertInjected("put-right");
  }

  private List<Webhook> startedTogether(int count) {
    CyclicBarrier barrier = new CyclicBarrier(count);
    try (ExecutorService threads = Executors.newFixedThreadPool(count)) {
      List<CompletableFuture<Webhook>> starts =
          Stream.generate(() ->
                  CompletableFuture.supplyAsync(
                      () -> {
                        await(barrier);
                        return replicas.start(ROTATION, Clock.systemUTC());
                      },
                      threads))
              .limit(count)
              .toList();
      return starts.stream().map(CompletableFuture::join).toList();
    }
  }

  private static void await(CyclicBarrier barrier) {
    try {
      barrier.await();
    } catch (InterruptedException | BrokenBarrierException e) {
      throw new IllegalStateException(e);
    }
  }

  private void putKey(String base64) {
    replicas
        .secret()
        .edit(secret -> {
          secret.getData().put("tls.key", base64);
          return secret;
        });
  }

  private static void awaitAlarm(Webhook webhook, int value) {
    Eventually.passes(() ->
        assertThat(get(webhook, "/metrics"))
            .contains("\ntandem_webhook_certificate_alarm " + value + ".0\n"));
  }

  /** The API server hears of a changed bundle by a watch, and fails open until it does. */
  private void assertInjected(String name) {
    Eventually.passes(() -> {
      Pod created =
          workspace.create(
              Examples.vllmPod(workspace.namespace(), name + "-" + System.nanoTime(), Map.of()));
      assertThat(created.getSpec().getInitContainers()).hasSize(1);
    });
  }

  private static String get(Webhook webhook, String path) {
    try {
      return new TlsCaller(webhook.caBundlePem(), webhook.port()).get(path).text();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static int certificates(String pem) {
    return pem.split("BEGIN CERTIFICATE", -1).length - 1;
  }
}
