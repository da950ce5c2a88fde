package dev.tandem.webhook.certificates;

import dev.tandem.webhook.certificates.CertificateIssuer.Purpose;
import dev.tandem.webhook.certificates.CertificateStore.Stored;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one replica's certificate right: reads what all share, serves it, and takes the next step
 * of {@link Rotation} where it is due. Every replica does so, without a leader. A step is one write
 * that only one replica wins, and each pass starts from what is stored, so whoever dies between two
 * steps is continued by anyone. Not for several threads at once.
 */
public final class CertificateKeeper {

  private static final Logger log = LoggerFactory.getLogger(CertificateKeeper.class);

  /** Far more steps than a rotation has: a store that never settles is a fault to be told. */
  private static final int MOST_PASSES = 20;

  private static final String AUTHORITY_NAME = "tandem webhook authority";

  private final CertificateStore store;
  private final ClientTrust trust;
  private final CertificateIssuer issuer;
  private final Rotation rotation;
  private final List<String> names;
  private final ServedIdentity served;
  private final CertificateAlarms alarms;
  private final Clock clock;

  /** The last good set, served on whatever becomes of the stored one. */
  private volatile @Nullable CertificateSet kept;

  /**
   * @param names what clients connect to
   * @param served is shown what this keeper reads
   */
  public CertificateKeeper(
      CertificateStore store,
      ClientTrust trust,
      CertificateIssuer issuer,
      Rotation rotation,
      List<String> names,
      ServedIdentity served,
      CertificateAlarms alarms,
      Clock clock) {
    this.store = store;
    this.trust = trust;
    this.issuer = issuer;
    this.rotation = rotation;
    this.names = List.copyOf(names);
    this.served = served;
    this.alarms = alarms;
    this.clock = clock;
  }

  /**
   * Has something to serve, made where there is nothing, without a word to clients yet.
   *
   * @return whom clients have to trust, newest first
   * @throws BadCertificates where what is stored cannot be used
   * @throws io.fabric8.kubernetes.client.KubernetesClientException where the API server refuses
   */
  public List<X509Certificate> bootstrap() {
    for (int pass = 0; pass < MOST_PASSES; pass++) {
      switch (store.read()) {
        case Stored.Absent absent -> store.write(fresh(), absent);
        case Stored.Bad bad ->
            throw new BadCertificates(
                store.place(), bad.reason(), "delete it, and a new one is made");
        case Stored.Good good -> {
          serve(good.set());
          return good.set().authorities();
        }
      }
    }
    throw new IllegalStateException(
        "%s: lost %d writes against other replicas".formatted(store.place(), MOST_PASSES));
  }

  /**
   * Serves what is stored, makes clients trust it, and takes every step that is due.
   *
   * @throws io.fabric8.kubernetes.client.KubernetesClientException where the API server refuses;
   *     what was served before is still served
   */
  public void settle() {
    for (int pass = 0; pass < MOST_PASSES; pass++) {
      if (!pass()) {
        return;
      }
    }
    alarms.raised(store.place() + " does not settle: other writers change it all the time");
  }

  /** Whom clients have to trust, in PEM; empty before {@link #bootstrap}. Any thread. */
  public String caBundlePem() {
    CertificateSet set = kept;
    return set == null ? "" : Pem.write(set.authorities());
  }

  /** At most one step; whether something was to be changed. */
  boolean pass() {
    trust.publish(this::authorities);
    // Clients first: a step may only count on what was trusted before the store was read.
    Set<X509Certificate> trusted = trust.read();
    Stored stored = store.read();
    return switch (stored) {
      case Stored.Absent absent -> {
        log.warn("{} is gone; writing a new authority beside the one in use", store.place());
        CertificateSet last = kept;
        store.write(last == null ? fresh() : last.withAuthority(authority()), absent);
        yield true;
      }
      case Stored.Bad bad -> {
        alarms.raised(
            "%s holds no usable certificate, the one read before is still served: %s; delete it, and a new one is made"
                .formatted(store.place(), bad.reason()));
        yield false;
      }
      case Stored.Good good -> {
        serve(good.set());
        alarms.cleared();
        yield step(good, trusted);
      }
    };
  }

  private boolean step(Stored.Good good, Set<X509Certificate> trusted) {
    CertificateSet set = good.set();
    return switch (rotation.next(set, trusted, names, clock.instant())) {
      case Rotation.Step.Rest _ -> false;
      case Rotation.Step.AddAuthority(String why) ->
          write(set.withAuthority(authority()), good, "a new authority joins", why);
      case Rotation.Step.RenewLeaf(String why) ->
          write(set.withLeaf(leaf(set.newest())), good, "a new serving certificate", why);
      case Rotation.Step.DropOld(String why) ->
          write(set.newestOnly(), good, "the old authority goes", why);
    };
  }

  private boolean write(CertificateSet set, Stored before, String what, String why) {
    if (store.write(set, before)) {
      log.info("{}: {}: {}", store.place(), what, why);
    }
    return true;
  }

  private void serve(CertificateSet set) {
    kept = set;
    if (served.show(set.identity())) {
      log.info(
          "serving certificate {} of {}, valid to {}",
          set.leaf().certificate().getSerialNumber().toString(16),
          store.place(),
          set.identity().expiry());
    }
  }

  private Optional<List<X509Certificate>> authorities() {
    return store.read() instanceof Stored.Good(CertificateSet set, String _)
        ? Optional.of(set.authorities())
        : Optional.empty();
  }

  private CertificateSet fresh() {
    KeyedCertificate authority = authority();
    return new CertificateSet(
        new ArrayList<>(List.of(authority.certificate())), authority.key(), leaf(authority));
  }

  private KeyedCertificate authority() {
    return issuer.authority(AUTHORITY_NAME, rotation.authorityLife());
  }

  private KeyedCertificate leaf(KeyedCertificate authority) {
    return issuer.leaf(authority, names, rotation.leafLife(), Purpose.SERVER);
  }
}
