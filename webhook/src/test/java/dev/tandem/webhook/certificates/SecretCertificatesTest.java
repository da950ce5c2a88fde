package dev.tandem.webhook.certificates;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.webhook.MockCluster;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class SecretCertificatesTest {

  private static final List<String> NAMES = List.of("tandem-webhook.tandem-system.svc");

  private final MockCluster cluster = new MockCluster();

  @AfterEach
  void stop() {
    cluster.close();
  }

  @Test
  void theSecondReplicaServesTheCertificateOfTheFirst() {
    ServingCertificate first = store(NAMES, Clock.systemUTC()).obtain();
    ServingCertificate second = store(NAMES, Clock.systemUTC()).obtain();
    assertThat(second.leaf()).isEqualTo(first.leaf());
    assertThat(second.leafKey()).isEqualTo(first.leafKey());
  }

  @Test
  void replicasThatStartAtOnceEndWithOneAuthority() throws Exception {
    Callable<String> replica = () -> store(NAMES, Clock.systemUTC()).obtain().caBundlePem();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<String>> authorities = threads.invokeAll(List.of(replica, replica, replica));
      assertThat(authorities).extracting(Future::get).containsOnly(authorities.getFirst().get());
    }
  }

  @Test
  void aSecretThatHoldsRubbishIsReplaced() {
    cluster
        .client()
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withNamespace("tandem-system")
                .withName("tls")
                .endMetadata()
                .withData(Map.of("tls.crt", "cnViYmlzaA==", "ca.crt", "%%%"))
                .build())
        .create();
    ServingCertificate certificate = store(NAMES, Clock.systemUTC()).obtain();
    assertThat(store(NAMES, Clock.systemUTC()).obtain().leaf()).isEqualTo(certificate.leaf());
  }

  @Test
  void aCertificatePastTwoThirdsOfItsLifeIsReplaced() {
    ServingCertificate old = store(NAMES, Clock.systemUTC()).obtain();
    Clock later =
        Clock.offset(Clock.systemUTC(), CertificateIssuer.LIFE.dividedBy(3).multipliedBy(2));
    assertThat(store(NAMES, Clock.offset(later, Duration.ofDays(-2))).obtain().leaf())
        .isEqualTo(old.leaf());
    assertThat(store(NAMES, later).obtain().leaf()).isNotEqualTo(old.leaf());
  }

  @Test
  void aCertificateThatLacksANameIsReplaced() {
    ServingCertificate old = store(NAMES, Clock.systemUTC()).obtain();
    assertThat(store(List.of("other.svc"), Clock.systemUTC()).obtain().leaf())
        .isNotEqualTo(old.leaf());
  }

  @Test
  void theSecretIsOfTheTlsKind() {
    store(NAMES, Clock.systemUTC()).obtain();
    Secret secret = cluster.client().secrets().inNamespace("tandem-system").withName("tls").get();
    assertThat(secret.getType()).isEqualTo("kubernetes.io/tls");
    assertThat(secret.getData()).containsKeys("ca.crt", "ca.key", "tls.crt", "tls.key");
  }

  private SecretCertificates store(List<String> names, Clock clock) {
    return new SecretCertificates(
        cluster.client(),
        "tandem-system",
        "tls",
        new CertificateIssuer(clock, new SecureRandom()),
        names,
        clock);
  }
}
