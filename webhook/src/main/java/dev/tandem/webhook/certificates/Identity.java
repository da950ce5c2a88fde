package dev.tandem.webhook.certificates;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a TLS server shows. Immutable.
 *
 * @param chain the leaf first, then what leads to an authority
 * @param key the leaf's private key
 */
public record Identity(List<X509Certificate> chain, PrivateKey key) {

  public Identity {
    chain = List.copyOf(chain);
    if (chain.isEmpty()) {
      throw new IllegalArgumentException("chain: empty: at least the leaf is needed");
    }
  }

  /** The server's own certificate. */
  public X509Certificate leaf() {
    return chain.getFirst();
  }

  /** When clients stop to accept the leaf. */
  public Instant expiry() {
    return leaf().getNotAfter().toInstant();
  }

  /**
   * Why a client that trusts these authorities would refuse us now; null where it would not. Only
   * the last certificate of the chain is looked at.
   */
  public @Nullable String refusal(Collection<X509Certificate> trusted, Instant now) {
    if (now.isAfter(expiry())) {
      return "the serving certificate ended at " + expiry();
    }
    X509Certificate last = chain.getLast();
    return trusted.contains(last)
            || trusted.stream().anyMatch(one -> KeyedCertificate.signedBy(last, one))
        ? null
        : "the caBundle does not hold the authority of the serving certificate";
  }
}
