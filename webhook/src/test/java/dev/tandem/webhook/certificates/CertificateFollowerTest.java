package dev.tandem.webhook.certificates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.edge.cluster.MockCluster;
import dev.tandem.webhook.certificates.CertificateIssuer.Purpose;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificates that somebody else renews. */
final class CertificateFollowerTest {

  private final CertificateIssuer issuer =
      new CertificateIssuer(Clock.systemUTC(), new SecureRandom());
  private final KeyedCertificate authority = issuer.authority("authority", Duration.ofDays(365));
  private final ServedIdentity served = new ServedIdentity();
  private final List<String> raised = new ArrayList<>();
  private final CertificateAlarms alarms =
      new CertificateAlarms() {
        @Override
        public void raised(String reason) {
          raised.add(reason);
        }

        @Override
        public void cleared() {
          raised.clear();
        }
      };

  @Test
  void filesThatChangeAreServedAndDamagedOnesAreNot(@TempDir Path folder) throws Exception {
    CertificateFollower follower =
        new CertificateFollower(new FileIdentity(folder), served, alarms);
    KeyedCertificate first = write(folder);
    follower.settleOrFail();
    assertThat(current().leaf()).isEqualTo(first.certificate());

    KeyedCertificate second = write(folder);
    follower.settle();
    assertThat(current().leaf()).isEqualTo(second.certificate());

    Files.writeString(folder.resolve("tls.key"), Pem.write(first.key()));
    follower.settle();
    assertThat(current().leaf()).isEqualTo(second.certificate());
    assertThat(raised).singleElement().asString().contains("does not belong", "still served");

    write(folder);
    follower.settle();
    assertThat(raised).isEmpty();
  }

  @Test
  void aFolderWithoutThemIsNamed(@TempDir Path folder) {
    assertThatThrownBy(
            () -> new CertificateFollower(new FileIdentity(folder), served, alarms).settleOrFail())
        .isInstanceOf(BadCertificates.class)
        .hasMessageContaining(folder.toString())
        .hasMessageContaining("tls.crt");
  }

  @Test
  void theSecretOfCertManagerIsReadAndNeverWritten() {
    try (MockCluster cluster = new MockCluster()) {
      SecretIdentity source = new SecretIdentity(cluster.client(), "tandem-system", "tls");
      CertificateFollower follower = new CertificateFollower(source, served, alarms);
      assertThatThrownBy(follower::settleOrFail).hasMessageContaining("does not exist");

      KeyedCertificate leaf = leaf();
      cluster
          .client()
          .resource(
              new SecretBuilder()
                  .withNewMetadata()
                  .withNamespace("tandem-system")
                  .withName("tls")
                  .endMetadata()
                  .withData(
                      Map.of(
                          "tls.crt", SecretCertificates.encoded(Pem.write(leaf.certificate())),
                          "tls.key", SecretCertificates.encoded(Pem.write(leaf.key()))))
                  .build())
          .create();
      follower.settle();

      assertThat(current().leaf()).isEqualTo(leaf.certificate());
      assertThat(
              cluster
                  .client()
                  .secrets()
                  .inNamespace("tandem-system")
                  .withName("tls")
                  .get()
                  .getData())
          .containsOnlyKeys("tls.crt", "tls.key");
    }
  }

  private Identity current() {
    return Objects.requireNonNull(served.current());
  }

  private KeyedCertificate write(Path folder) throws Exception {
    KeyedCertificate leaf = leaf();
    Files.writeString(folder.resolve("tls.crt"), Pem.write(leaf.certificate()));
    Files.writeString(folder.resolve("tls.key"), Pem.write(leaf.key()));
    return leaf;
  }

  private KeyedCertificate leaf() {
    return issuer.leaf(authority, List.of("localhost"), Duration.ofDays(30), Purpose.SERVER);
  }
}
