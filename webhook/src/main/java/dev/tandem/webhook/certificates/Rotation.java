package dev.tandem.webhook.certificates;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which change comes next, decided from what is stored and what clients trust. Pure, so that any
 * replica can do any step and one that dies between two leaves nothing undone: all times are read
 * from the certificates themselves. Immutable, any thread.
 *
 * <p>An authority is replaced in this order, so that at no moment a client meets a certificate it
 * does not trust: the new authority joins the old one; clients trust both; the leaf is signed by
 * the new one; the old one goes.
 *
 * @param authorityLife life of an authority
 * @param leafLife life of a serving certificate
 * @param settle how long clients get to learn of a new authority before it signs, counted from when
 *     it was made: API servers hear of a changed configuration by watching it
 * @param grace how long an old authority stays after the new leaf was made: every replica serves
 *     the new one by then
 * @param jitter share of a life, 0 to 0.1, that renewal comes after two thirds of it; replicas draw
 *     their own, so that they do not all write at once
 */
public record Rotation(
    Duration authorityLife, Duration leafLife, Duration settle, Duration grace, double jitter) {

  /** Most jitter, as a share of a life. */
  public static final double MOST_JITTER = 0.05;

  private static final double DUE = 2.0 / 3;

  public Rotation {
    if (!(jitter >= 0 && jitter <= 0.1)) {
      throw new IllegalArgumentException("jitter: %s: accepted are 0 to 0.1".formatted(jitter));
    }
    for (Duration duration : List.of(authorityLife, leafLife)) {
      if (!duration.isPositive()) {
        throw new IllegalArgumentException("life: %s: accepted is more than 0".formatted(duration));
      }
    }
  }

  /** One year and thirty days; five minutes to settle, and an hour's grace. */
  public static Rotation standard(double jitter) {
    return new Rotation(
        Duration.ofDays(365),
        Duration.ofDays(30),
        Duration.ofMinutes(5),
        Duration.ofHours(1),
        jitter);
  }

  /** What to do. */
  public sealed interface Step {

    /** Nothing yet. */
    record Rest() implements Step {}

    /** Let a new authority join. */
    record AddAuthority(String why) implements Step {}

    /** Have the newest authority sign a new leaf. */
    record RenewLeaf(String why) implements Step {}

    /** Forget all authorities but the newest. */
    record DropOld(String why) implements Step {}
  }

  /**
   * The next step.
   *
   * @param set what is stored
   * @param trusted whom every client trusts, as last read
   * @param names what the leaf has to cover
   */
  public Step next(
      CertificateSet set, Collection<X509Certificate> trusted, List<String> names, Instant now) {
    X509Certificate newest = set.authorities().getFirst();
    X509Certificate leaf = set.leaf().certificate();
    if (due(newest, now)) {
      return new Step.AddAuthority("the authority is past two thirds of its life");
    }
    if (!KeyedCertificate.signedBy(leaf, newest)) {
      if (ended(leaf, now)) {
        return new Step.RenewLeaf("the serving certificate has ended");
      }
      boolean settled = !now.isBefore(KeyedCertificate.issuedAt(newest).plus(settle));
      return settled && trusted.contains(newest)
          ? new Step.RenewLeaf("the new authority is trusted")
          : new Step.Rest();
    }
    if (due(leaf, now)) {
      return new Step.RenewLeaf("the serving certificate is past two thirds of its life");
    }
    if (!covered(leaf).containsAll(names)) {
      return new Step.RenewLeaf("the serving certificate lacks one of " + names);
    }
    boolean graceOver = !now.isBefore(KeyedCertificate.issuedAt(leaf).plus(grace));
    return set.authorities().size() > 1 && graceOver
        ? new Step.DropOld("every replica serves a certificate of the newest authority")
        : new Step.Rest();
  }

  /** Whether two thirds of its life, and the jitter, are over. */
  boolean due(X509Certificate certificate, Instant now) {
    Instant issued = KeyedCertificate.issuedAt(certificate);
    long life = Duration.between(issued, certificate.getNotAfter().toInstant()).toMillis();
    return !now.isBefore(issued.plusMillis((long) (life * (DUE + jitter))));
  }

  private static boolean ended(X509Certificate certificate, Instant now) {
    return now.isAfter(certificate.getNotAfter().toInstant());
  }

  private static Set<String> covered(X509Certificate leaf) {
    try {
      Collection<List<?>> entries = leaf.getSubjectAlternativeNames();
      return entries == null
          ? Set.of()
          : entries.stream().map(entry -> String.valueOf(entry.get(1))).collect(Collectors.toSet());
    } catch (java.security.cert.CertificateParsingException e) {
      return new HashSet<>();
    }
  }
}
