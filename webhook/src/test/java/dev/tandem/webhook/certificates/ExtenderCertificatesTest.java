package dev.tandem.webhook.certificates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.edge.cluster.MockCluster;
import dev.tandem.webhook.certificates.Replicas.TestClock;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

final class ExtenderCertificatesTest {

  @AutoClose private final MockCluster cluster = new MockCluster();
  private final TestClock clock = new TestClock();
  private final ExtenderCertificates certificates =
      new ExtenderCertificates(
          cluster.client(),
          "tandem-system",
          "tandem-extender",
          new CertificateIssuer(clock, new SecureRandom()),
          List.of("tandem-extender.tandem-system.svc"),
          Rotation.standard(0),
          clock);

  @Test
  void serverAndClientAreOfOneAuthorityForTenYears() throws Exception {
    certificates.settle();
    X509Certificate authority = certificate("ca.crt");
    assertThat(authority.getNotAfter().toInstant())
        .isEqualTo(clock.instant().plus(ExtenderCertificates.AUTHORITY_LIFE));
    assertThat(KeyedCertificate.signedBy(certificate("tls.crt"), authority)).isTrue();
    assertThat(KeyedCertificate.signedBy(certificate("client.crt"), authority)).isTrue();
    new KeyedCertificate(certificate("client.crt"), Pem.privateKey(text("client.key"))).check();
    new KeyedCertificate(certificate("tls.crt"), Pem.privateKey(text("tls.key"))).check();
  }

  @Test
  void onlyTheServersCertificateIsRenewed() throws Exception {
    certificates.settle();
    X509Certificate server = certificate("tls.crt");
    X509Certificate client = certificate("client.crt");
    clock.pass(Duration.ofDays(200));
    certificates.settle();
    assertThat(certificate("tls.crt")).isEqualTo(server);
    clock.pass(Duration.ofDays(50));
    certificates.settle();
    assertThat(certificate("tls.crt")).isNotEqualTo(server);
    assertThat(certificate("client.crt")).isEqualTo(client);
  }

  @Test
  void aDamagedSecretIsLeftAndNamed() {
    certificates.settle();
    cluster
        .client()
        .resource(new SecretBuilder(secret()).removeFromData("ca.key").build())
        .update();
    assertThatThrownBy(certificates::settle)
        .hasMessageContaining("tandem-extender")
        .hasMessageContaining("no ca.key");
  }

  private Secret secret() {
    return cluster
        .client()
        .secrets()
        .inNamespace("tandem-system")
        .withName("tandem-extender")
        .get();
  }

  private String text(String key) throws Exception {
    return SecretCertificates.text(secret().getData(), key);
  }

  private X509Certificate certificate(String key) throws Exception {
    return Pem.certificates(text(key)).getFirst();
  }
}
