package dev.tandem.webhook.certificates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.webhook.certificates.CertificateStore.Stored;
import dev.tandem.webhook.certificates.Replicas.Killed;
import dev.tandem.webhook.certificates.Replicas.Replica;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Every step of a certificate's life, on a clock that only the test moves. */
final class RotationTest {

  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration DAY = Duration.ofDays(1);

  private final Replicas replicas = new Replicas();

  @Test
  void theFirstStartMakesAnAuthorityForAYearAndALeafForThirtyDays() {
    Replica replica = replicas.started();

    assertThat(replicas.trust.authorities).hasSize(1);
    assertThat(life(replicas.trust.authorities.getFirst())).isEqualTo(Duration.ofDays(365));
    assertThat(life(replica.leaf())).isEqualTo(Duration.ofDays(30));
    assertThat(replicas.accepted(replica)).isTrue();
  }

  @Test
  void aSecondReplicaServesWhatTheFirstMade() {
    Replica first = replicas.started();
    Replica second = replicas.started();

    assertThat(second.leaf()).isEqualTo(first.leaf());
    assertThat(replicas.trust.writes).isEqualTo(1);
  }

  @Test
  void theLeafIsShownWithoutTheAuthorityItsClientsHave() {
    Replica replica = replicas.started();

    assertThat(replica.served.current())
        .satisfies(shown -> assertThat(shown.chain()).containsExactly(replica.leaf()));
  }

  @Test
  void aLeafIsRenewedAtTwoThirdsOfItsLifeUnderTheSameAuthority() {
    Replica replica = replicas.started();
    X509Certificate before = replica.leaf();

    replicas.clock.pass(DAY.multipliedBy(20).minus(MINUTE));
    replica.keeper.settle();
    assertThat(replica.leaf()).isEqualTo(before);

    replicas.clock.pass(MINUTE);
    replica.keeper.settle();
    assertThat(replica.leaf()).isNotEqualTo(before);
    assertThat(replicas.store.set().authorities()).hasSize(1);
    assertThat(replicas.trust.writes).isEqualTo(1);
  }

  @Test
  void jitterPutsRenewalOffByItsShareOfTheLife() {
    Replica replica = replicas.started();
    Rotation late = Rotation.standard(0.05);

    assertThat(late.due(replica.leaf(), replicas.clock.instant().plus(Duration.ofDays(21))))
        .isFalse();
    assertThat(
            late.due(
                replica.leaf(),
                replicas.clock.instant().plus(Duration.ofDays(21)).plus(Duration.ofHours(12))))
        .isTrue();
  }

  @Test
  void anAuthorityIsReplacedInFourSteps() {
    Replica replica = replicas.started();
    X509Certificate old = replicas.trust.authorities.getFirst();
    renewLeavesUntilTheAuthorityIsDue(replica);

    assertThat(replicas.trust.authorities).hasSize(2).last().isEqualTo(old);
    assertThat(KeyedCertificate.signedBy(replica.leaf(), old)).isTrue();
    X509Certificate fresh = replicas.trust.authorities.getFirst();

    replicas.clock.pass(Duration.ofMinutes(5));
    replica.keeper.settle();
    assertThat(KeyedCertificate.signedBy(replica.leaf(), fresh)).isTrue();
    assertThat(replicas.trust.authorities).hasSize(2);

    replicas.clock.pass(Duration.ofHours(1));
    replica.keeper.settle();
    assertThat(replicas.trust.authorities).containsExactly(fresh);
    assertThat(replicas.accepted(replica)).isTrue();
  }

  @Test
  void aLeafUnderANewAuthorityWaitsUntilClientsTrustIt() {
    Replica replica = replicas.started();
    renewLeavesUntilTheAuthorityIsDue(replica);
    replicas.clock.pass(DAY);
    // Somebody put the old bundle back.
    replicas.trust.authorities = replicas.trust.authorities.subList(1, 2);

    assertThat(
            replicas.rotation.next(
                replicas.store.set(),
                replicas.trust.read(),
                Replicas.NAMES,
                replicas.clock.instant()))
        .isInstanceOf(Rotation.Step.Rest.class);
  }

  @Test
  void aBundleThatSomebodyOverwroteIsPutRight() {
    Replica replica = replicas.started();
    replicas.trust.authorities = List.of();

    replica.keeper.settle();

    assertThat(replicas.accepted(replica)).isTrue();
  }

  @Test
  void aClusterThatWasOffForAMonthGetsANewLeaf() {
    replicas.started();
    replicas.clock.pass(DAY.multipliedBy(45));

    Replica later = replicas.started();

    assertThat(replicas.accepted(later)).isTrue();
    assertThat(replicas.trust.authorities).hasSize(1);
  }

  @Test
  void aClusterThatWasOffForYearsGetsANewAuthorityAtOnce() {
    replicas.started();
    replicas.clock.pass(DAY.multipliedBy(1000));

    Replica later = replicas.started();

    assertThat(replicas.accepted(later)).isTrue();
    replicas.clock.pass(Duration.ofHours(2));
    later.keeper.settle();
    assertThat(replicas.trust.authorities).hasSize(1);
    assertThat(replicas.accepted(later)).isTrue();
  }

  @Test
  void materialThatCannotBeUsedKeepsTheOldOneAndRaisesTheAlarm() {
    Replica replica = replicas.started();
    X509Certificate before = replica.leaf();
    Stored good = replicas.store.stored;
    replicas.store.stored = new Stored.Bad("no tls.key", "9");

    replica.keeper.settle();
    assertThat(replica.leaf()).isEqualTo(before);
    assertThat(replicas.store.stored).isInstanceOf(Stored.Bad.class);
    assertThat(replica.raised)
        .singleElement()
        .asString()
        .contains("tandem-system/tls", "no tls.key", "delete it");

    replicas.store.stored = good;
    replica.keeper.settle();
    assertThat(replica.raised).isEmpty();
  }

  @Test
  void aProcessThatWouldHaveNothingToServeSaysWhatToDo() {
    replicas.store.stored = new Stored.Bad("no tls.key", "9");

    assertThatThrownBy(() -> replicas.replica().keeper.bootstrap())
        .isInstanceOf(BadCertificates.class)
        .hasMessageContaining("no tls.key")
        .hasMessageContaining("delete it");
  }

  @Test
  void deletingTheSecretReplacesTheAuthorityInTheSafeOrder() {
    Replica replica = replicas.started();
    X509Certificate old = replicas.trust.authorities.getFirst();
    X509Certificate leaf = replica.leaf();
    replicas.store.stored = new Stored.Absent(null);

    replica.keeper.settle();
    assertThat(replicas.trust.authorities).hasSize(2).contains(old);
    assertThat(replica.leaf()).isEqualTo(leaf);

    replicas.clock.pass(Duration.ofMinutes(5));
    replica.keeper.settle();
    replicas.clock.pass(Duration.ofHours(1));
    replica.keeper.settle();
    assertThat(replicas.trust.authorities).hasSize(1).doesNotContain(old);
    assertThat(replicas.accepted(replica)).isTrue();
  }

  @Test
  void aKillBetweenTheAuthorityAndTheBundleIsMadeGoodByTheNextProcess() {
    Replica killed = replicas.replica();
    // Read, write, read: the certificate is stored, and nobody has been told.
    var unused = killed.keeper.bootstrap();
    killed.diesAfter = 0;
    assertThatThrownBy(killed.keeper::settle).isInstanceOf(Killed.class);
    assertThat(replicas.trust.authorities).isEmpty();

    Replica next = replicas.started();

    assertThat(next.leaf()).isEqualTo(killed.leaf());
    assertThat(replicas.accepted(next)).isTrue();
  }

  /** A crash between each two calls of each step; another process goes on from there. */
  @Test
  void aCrashAnywhereIsContinuedByAnotherReplica() {
    for (int calls = 0; calls < 40; calls++) {
      Replicas cluster = new Replicas();
      Replica survivor = cluster.started();
      renewLeavesUntilDue(cluster, survivor);
      Replica dying = cluster.replica();
      var unused = dying.keeper.bootstrap();
      dying.diesAfter = calls;
      for (Duration wait : List.of(Duration.ZERO, Duration.ofMinutes(5), Duration.ofHours(1))) {
        cluster.clock.pass(wait);
        try {
          dying.keeper.settle();
        } catch (Killed e) {
          assertThat(cluster.accepted(survivor)).as("after %d calls", calls).isTrue();
        }
        assertThat(cluster.accepted(survivor)).as("after %d calls", calls).isTrue();
        survivor.keeper.settle();
        assertThat(cluster.accepted(survivor)).as("after %d calls", calls).isTrue();
      }
      cluster.clock.pass(Duration.ofHours(2));
      survivor.keeper.settle();
      assertThat(cluster.trust.authorities).as("after %d calls", calls).hasSize(1);
      assertThat(cluster.accepted(cluster.started())).as("after %d calls", calls).isTrue();
    }
  }

  /**
   * Three replicas, single steps in any order, crashes and restarts, over four years: at no moment
   * does a client meet a certificate it does not trust. A replica looks at least once in half an
   * hour, far less often than it does.
   */
  @Test
  void noOrderOfStepsShowsAClientACertificateItDoesNotTrust() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    Replicas cluster = new Replicas();
    Replica[] all = {cluster.started(), cluster.started(), cluster.started()};
    Duration passed = Duration.ZERO;
    while (passed.compareTo(Duration.ofDays(4 * 365)) < 0) {
      boolean busy = cluster.store.set().authorities().size() > 1;
      Duration wait = busy ? MINUTE : Duration.ofHours(12 + random.nextInt(24));
      cluster.clock.pass(wait);
      passed = passed.plus(wait);
      for (int i = 0; i < 6; i++) {
        int which = random.nextInt(all.length);
        if (random.nextInt(20) == 0) {
          all[which].diesAfter = random.nextInt(4);
        }
        try {
          var unused = all[which].keeper.pass();
        } catch (Killed e) {
          all[which] = cluster.replica();
          var unused = all[which].keeper.bootstrap();
        }
        for (Replica replica : all) {
          assertThat(cluster.accepted(replica)).as("seed %d, after %s", seed, passed).isTrue();
        }
      }
      for (Replica replica : all) {
        replica.diesAfter = Integer.MAX_VALUE;
        var unused = replica.keeper.pass();
      }
    }
    assertThat(cluster.trust.writes).as("seed %d", seed).isBetween(5, 40);
  }

  private void renewLeavesUntilTheAuthorityIsDue(Replica replica) {
    renewLeavesUntilDue(replicas, replica);
    replica.keeper.settle();
  }

  /** Eight months, day by day, so that the leaf is always fresh. */
  private static void renewLeavesUntilDue(Replicas cluster, Replica replica) {
    X509Certificate authority = cluster.trust.authorities.getFirst();
    while (!cluster.rotation.due(authority, cluster.clock.instant().plus(DAY))) {
      cluster.clock.pass(DAY);
      replica.keeper.settle();
    }
    cluster.clock.pass(DAY);
  }

  private static Duration life(X509Certificate certificate) {
    return Duration.between(
        KeyedCertificate.issuedAt(certificate), certificate.getNotAfter().toInstant());
  }
}
