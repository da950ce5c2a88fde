package dev.tandem.webhook.certificates;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/**
 * All that the replicas share: whom clients shall trust, the key of the newest authority, and what
 * the server shows. Immutable.
 *
 * @param authorities newest first, at least one; more while an authority is being replaced
 * @param authorityKey key of the newest; those of older ones are forgotten
 * @param leaf what the server shows, signed by one of the authorities
 */
public record CertificateSet(
    List<X509Certificate> authorities, PrivateKey authorityKey, KeyedCertificate leaf) {

  public CertificateSet {
    authorities = List.copyOf(authorities);
    if (authorities.isEmpty()) {
      throw new IllegalArgumentException("authorities: empty: at least one is needed");
    }
  }

  /** The authority that signs from now on, with its key. */
  KeyedCertificate newest() {
    return new KeyedCertificate(authorities.getFirst(), authorityKey);
  }

  /**
   * What a server shows: the leaf alone. Whoever trusts its authority has it (RFC 8446, 4.4.2), and
   * a client in Go that is sent it as well checks the leaf twice (docs/design/admission-cost.md).
   */
  public Identity identity() {
    return new Identity(List.of(leaf.certificate()), leaf.key());
  }

  CertificateSet withAuthority(KeyedCertificate authority) {
    List<X509Certificate> all = new ArrayList<>();
    all.add(authority.certificate());
    all.addAll(authorities);
    return new CertificateSet(all, authority.key(), leaf);
  }

  CertificateSet withLeaf(KeyedCertificate renewed) {
    return new CertificateSet(authorities, authorityKey, renewed);
  }

  CertificateSet newestOnly() {
    return new CertificateSet(authorities.subList(0, 1), authorityKey, leaf);
  }
}
