package dev.tandem.webhook.certificates;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.security.Security;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

final class CertificateIssuerTest {

  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  private final CertificateIssuer issuer =
      new CertificateIssuer(Clock.fixed(NOW, ZoneOffset.UTC), new SecureRandom());

  @Test
  void theLeafIsSignedByTheAuthorityAndServesOnly() throws Exception {
    ServingCertificate certificate = issuer.issue(List.of("a.b.svc", "127.0.0.1"));
    certificate.leaf().verify(certificate.authority().getPublicKey());
    assertThat(certificate.leaf().getBasicConstraints()).isEqualTo(-1);
    assertThat(certificate.authority().getBasicConstraints()).isZero();
    assertThat(certificate.leaf().getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
    assertThat(certificate.leaf().getSigAlgName()).isEqualTo("SHA256withECDSA");
  }

  @Test
  void theLeafCoversEveryName() throws Exception {
    X509Certificate leaf = issuer.issue(List.of("a.b.svc", "localhost", "127.0.0.1")).leaf();
    assertThat(leaf.getSubjectAlternativeNames())
        .extracting(name -> String.valueOf(name.get(1)))
        .containsExactly("a.b.svc", "localhost", "127.0.0.1");
  }

  @Test
  void aClockOneHourBehindAcceptsIt() {
    X509Certificate leaf = issuer.issue(List.of("localhost")).leaf();
    assertThat(leaf.getNotBefore().toInstant()).isEqualTo(NOW.minus(Duration.ofHours(1)));
  }

  @Test
  void serialsAreRandomAndPositive() {
    X509Certificate one = issuer.issue(List.of("localhost")).leaf();
    X509Certificate other = issuer.issue(List.of("localhost")).leaf();
    assertThat(one.getSerialNumber()).isPositive().isNotEqualTo(other.getSerialNumber());
    assertThat(one.getSerialNumber().bitLength()).isGreaterThan(64);
  }

  @Test
  void noSecurityProviderIsRegistered() {
    issuer.issue(List.of("localhost"));
    assertThat(Security.getProvider("BC")).isNull();
  }
}
