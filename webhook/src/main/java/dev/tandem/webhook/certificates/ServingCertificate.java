package dev.tandem.webhook.certificates;

import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;

/**
 * A serving certificate, its key, and the authority that signed it. Immutable.
 *
 * @param authority self-signed; the API server trusts what it signed
 * @param authorityKey private key of the authority
 * @param leaf what the server shows
 * @param leafKey private key of the leaf
 */
public record ServingCertificate(
    X509Certificate authority, PrivateKey authorityKey, X509Certificate leaf, PrivateKey leafKey) {

  /** The password of the in-memory key store, which never leaves the process. */
  static final String KEY_STORE_PASSWORD = "in-memory";

  /** The authority in PEM: a webhook configuration's {@code caBundle} before base64. */
  public String caBundlePem() {
    return Pem.write(authority);
  }

  /** When clients stop to accept the leaf. */
  public Instant expiry() {
    return leaf.getNotAfter().toInstant();
  }

  /** Leaf and key as a TLS server takes them. */
  public KeyStore keyStore() {
    return KeyStores.of(this);
  }

  /** The password of {@link #keyStore()}. */
  public String keyStorePassword() {
    return KEY_STORE_PASSWORD;
  }
}
