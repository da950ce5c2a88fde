package dev.tandem.webhook.certificates;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.webhook.certificates.CertificateIssuer.Purpose;
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
  private static final Duration LIFE = Duration.ofDays(30);

  private final CertificateIssuer issuer =
      new CertificateIssuer(Clock.fixed(NOW, ZoneOffset.UTC), new SecureRandom());
  private final KeyedCertificate authority = issuer.authority("authority", LIFE.multipliedBy(12));

  @Test
  void theLeafIsSignedByTheAuthorityAndServesOnly() throws Exception {
    X509Certificate leaf = leaf("a.b.svc", "127.0.0.1");
    leaf.verify(authority.certificate().getPublicKey());
    assertThat(leaf.getBasicConstraints()).isEqualTo(-1);
    assertThat(authority.certificate().getBasicConstraints()).isZero();
    assertThat(leaf.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
    assertThat(leaf.getSigAlgName()).isEqualTo("SHA256withECDSA");
  }

  @Test
  void aClientsCertificateIsForClientsOnly() throws Exception {
    X509Certificate leaf =
        issuer.leaf(authority, List.of("kube-scheduler"), LIFE, Purpose.CLIENT).certificate();
    assertThat(leaf.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.2");
    assertThat(leaf.getSubjectX500Principal().getName()).isEqualTo("CN=kube-scheduler");
  }

  @Test
  void theLeafCoversEveryName() throws Exception {
    assertThat(leaf("a.b.svc", "localhost", "127.0.0.1").getSubjectAlternativeNames())
        .extracting(name -> String.valueOf(name.get(1)))
        .containsExactly("a.b.svc", "localhost", "127.0.0.1");
  }

  @Test
  void aNameIsNeverReadAsSeveral() {
    X509Certificate odd = issuer.authority("a,O=evil", LIFE).certificate();
    assertThat(odd.getSubjectX500Principal().getName()).isEqualTo("CN=a\\,O\\=evil");
  }

  @Test
  void aClockOneHourBehindAcceptsIt() {
    assertThat(leaf("localhost").getNotBefore().toInstant())
        .isEqualTo(NOW.minus(Duration.ofHours(1)));
  }

  @Test
  void aLeafEndsWithItsAuthorityAtTheLatest() {
    X509Certificate leaf =
        issuer.leaf(authority, List.of("a"), LIFE.multipliedBy(50), Purpose.SERVER).certificate();
    assertThat(leaf.getNotAfter()).isEqualTo(authority.certificate().getNotAfter());
  }

  @Test
  void serialsAreRandomAndPositive() {
    X509Certificate one = leaf("localhost");
    X509Certificate other = leaf("localhost");
    assertThat(one.getSerialNumber()).isPositive().isNotEqualTo(other.getSerialNumber());
    assertThat(one.getSerialNumber().bitLength()).isGreaterThan(64);
  }

  @Test
  void noSecurityProviderIsRegistered() {
    leaf("localhost");
    assertThat(Security.getProvider("BC")).isNull();
  }

  private X509Certificate leaf(String... names) {
    return issuer.leaf(authority, List.of(names), LIFE, Purpose.SERVER).certificate();
  }
}
