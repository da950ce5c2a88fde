package dev.tandem.webhook.certificates;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.edge.cluster.MockCluster;
import dev.tandem.webhook.certificates.CertificateIssuer.Purpose;
import dev.tandem.webhook.certificates.CertificateStore.Stored;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

final class SecretCertificatesTest {

  @AutoClose private final MockCluster cluster = new MockCluster();
  private final SecretCertificates store =
      new SecretCertificates(cluster.client(), "tandem-system", "tls");

  @Test
  void whatIsWrittenIsReadBack() {
    CertificateSet set = set();
    assertThat(store.write(set, store.read())).isTrue();
    assertThat(stored()).isEqualTo(set);
  }

  @Test
  void theSecretIsOfTheTlsKind() {
    store.write(set(), store.read());
    Secret secret = cluster.client().secrets().inNamespace("tandem-system").withName("tls").get();
    assertThat(secret.getType()).isEqualTo("kubernetes.io/tls");
    assertThat(secret.getData()).containsKeys("ca.crt", "ca.key", "tls.crt", "tls.key");
  }

  @Test
  void ofTwoCreationsOneWins() {
    Stored nothing = store.read();
    CertificateSet first = set();
    assertThat(store.write(first, nothing)).isTrue();
    assertThat(store.write(set(), nothing)).isFalse();
    assertThat(stored()).isEqualTo(first);
  }

  @Test
  void ofTwoUpdatesOneWins() {
    store.write(set(), store.read());
    Stored before = store.read();
    assertThat(store.write(set(), before)).isTrue();
    assertThat(store.write(set(), before)).isFalse();
  }

  @Test
  void replicasThatStartAtOnceEndWithOneAuthority() throws Exception {
    Callable<List<X509Certificate>> replica = () -> keeper().bootstrap();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<List<X509Certificate>>> all =
          threads.invokeAll(List.of(replica, replica, replica));
      assertThat(all).extracting(Future::get).containsOnly(all.getFirst().get());
    }
  }

  @Test
  void aSecretThatWasMadeEmptyIsFilled() {
    create(Map.of());
    keeper().bootstrap();
    assertThat(store.read()).isInstanceOf(Stored.Good.class);
  }

  @Test
  void eachPartThatIsMissingOrDamagedIsTold() {
    keeper().bootstrap();
    Secret secret = cluster.client().secrets().inNamespace("tandem-system").withName("tls").get();
    for (String key : List.of("ca.crt", "ca.key", "tls.crt", "tls.key")) {
      for (String damage : List.of("", "%%%", "cnViYmlzaA==")) {
        Map<String, String> data = new HashMap<>(secret.getData());
        data.put(key, damage);
        cluster
            .client()
            .resource(
                new SecretBuilder(secret)
                    .withData(data)
                    .editMetadata()
                    .withResourceVersion(null)
                    .endMetadata()
                    .build())
            .update();
        assertThat(store.read()).as(key + "=" + damage).isInstanceOf(Stored.Bad.class);
      }
    }
  }

  @Test
  void aKeyOfAnotherCertificateIsTold() {
    CertificateSet one = set();
    CertificateSet other = set();
    store.write(
        new CertificateSet(one.authorities(), other.authorityKey(), one.leaf()), store.read());
    assertThat(store.read())
        .isInstanceOfSatisfying(
            Stored.Bad.class, bad -> assertThat(bad.reason()).contains("does not belong"));
  }

  @Test
  void aLeafOfAnotherAuthorityIsTold() {
    CertificateSet one = set();
    store.write(
        new CertificateSet(one.authorities(), one.authorityKey(), set().leaf()), store.read());
    assertThat(store.read())
        .isInstanceOfSatisfying(
            Stored.Bad.class, bad -> assertThat(bad.reason()).contains("none of ca.crt"));
  }

  private CertificateSet stored() {
    if (store.read() instanceof Stored.Good(CertificateSet set, String _)) {
      return set;
    }
    throw new AssertionError(store.read().toString());
  }

  private void create(Map<String, String> data) {
    cluster
        .client()
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withNamespace("tandem-system")
                .withName("tls")
                .endMetadata()
                .withData(data)
                .build())
        .create();
  }

  private static CertificateSet set() {
    CertificateIssuer issuer = new CertificateIssuer(Clock.systemUTC(), new SecureRandom());
    KeyedCertificate authority = issuer.authority("authority", Duration.ofDays(365));
    return new CertificateSet(
        List.of(authority.certificate()),
        authority.key(),
        issuer.leaf(authority, List.of("localhost"), Duration.ofDays(30), Purpose.SERVER));
  }

  private CertificateKeeper keeper() {
    return new CertificateKeeper(
        store,
        new LocalTrust(),
        new CertificateIssuer(Clock.systemUTC(), new SecureRandom()),
        Rotation.standard(0),
        List.of("tandem-webhook.tandem-system.svc"),
        new ServedIdentity(),
        new SilentAlarms(),
        Clock.systemUTC());
  }
}
