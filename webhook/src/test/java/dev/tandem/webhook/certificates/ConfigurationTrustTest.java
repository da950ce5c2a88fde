package dev.tandem.webhook.certificates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.edge.cluster.MockCluster;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfiguration;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

final class ConfigurationTrustTest {

  @AutoClose private final MockCluster cluster = new MockCluster();
  private final ConfigurationTrust trust = new ConfigurationTrust(cluster.client(), "tandem");
  private final X509Certificate one = authority();
  private final X509Certificate other = authority();

  @Test
  void everyEntryTrustsWhatIsPublished() {
    register("");
    trust.publish(() -> Optional.of(List.of(one, other)));
    assertThat(trust.read()).containsExactlyInAnyOrder(one, other);
  }

  @Test
  void publishingAgainWritesNothing() {
    register("");
    trust.publish(() -> Optional.of(List.of(one)));
    String version = configuration().getMetadata().getResourceVersion();
    trust.publish(() -> Optional.of(List.of(one)));
    assertThat(configuration().getMetadata().getResourceVersion()).isEqualTo(version);
  }

  @Test
  void whatOneEntryLacksIsNotTrusted() {
    register("");
    trust.publish(() -> Optional.of(List.of(one, other)));
    MutatingWebhookConfiguration changed = configuration();
    changed
        .getWebhooks()
        .getLast()
        .getClientConfig()
        .setCaBundle(SecretCertificates.encoded(Pem.write(other)));
    cluster.client().resource(changed).update();
    assertThat(trust.read()).containsExactly(other);
  }

  @Test
  void aDamagedBundleTrustsNobodyAndIsReplaced() {
    register("rubbish");
    assertThat(trust.read()).isEmpty();
    trust.publish(() -> Optional.of(List.of(one)));
    assertThat(trust.read()).containsExactly(one);
  }

  /** The store is asked after the configuration was read; a write in between makes ours fail. */
  @Test
  void aReplicaThatLagsDoesNotUndoWhatAnotherWrote() {
    register("");
    AtomicInteger asked = new AtomicInteger();
    trust.publish(() -> {
      if (asked.incrementAndGet() == 1) {
        new ConfigurationTrust(cluster.client(), "tandem")
            .publish(() -> Optional.of(List.of(other, one)));
        return Optional.of(List.of(one));
      }
      return Optional.of(List.of(other, one));
    });
    assertThat(trust.read()).containsExactlyInAnyOrder(one, other);
    assertThat(asked).hasValue(2);
  }

  @Test
  void aMissingConfigurationIsNamed() {
    assertThatThrownBy(trust::read).hasMessageContaining("tandem").hasMessageContaining("apply");
  }

  private void register(String bundle) {
    new Registrar(cluster.client())
        .register(
            new WebhookRegistration(
                "tandem", "https://127.0.0.1:8443", List.of("scheduler"), List.of("kube-system")),
            bundle);
  }

  private MutatingWebhookConfiguration configuration() {
    return cluster
        .client()
        .admissionRegistration()
        .v1()
        .mutatingWebhookConfigurations()
        .withName("tandem")
        .get();
  }

  private static X509Certificate authority() {
    return new CertificateIssuer(Clock.systemUTC(), new SecureRandom())
        .authority("authority", Duration.ofDays(1))
        .certificate();
  }
}
