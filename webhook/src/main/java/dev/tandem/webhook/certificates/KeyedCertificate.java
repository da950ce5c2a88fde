package dev.tandem.webhook.certificates;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Instant;

/**
 * A certificate and the key that belongs to it. Immutable.
 *
 * @param certificate what is shown
 * @param key its private key
 */
public record KeyedCertificate(X509Certificate certificate, PrivateKey key) {

  private static final byte[] PROBE = {'t', 'a', 'n', 'd', 'e', 'm'};

  /** When it was made; {@code NotBefore} lies earlier, for clocks that run behind. */
  static Instant issuedAt(X509Certificate certificate) {
    return certificate.getNotBefore().toInstant().plus(CertificateIssuer.CLOCK_SKEW);
  }

  /** Whether {@code authority} signed {@code certificate}; names alone prove nothing. */
  static boolean signedBy(X509Certificate certificate, X509Certificate authority) {
    try {
      certificate.verify(authority.getPublicKey());
      return certificate.getIssuerX500Principal().equals(authority.getSubjectX500Principal());
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  /**
   * Checks that the key belongs to the certificate, by signing with the one and checking with the
   * other.
   *
   * @throws GeneralSecurityException where it does not, or where the kind of key is not known
   */
  void check() throws GeneralSecurityException {
    String algorithm =
        switch (key.getAlgorithm()) {
          case "EC" -> "SHA256withECDSA";
          case "RSA" -> "SHA256withRSA";
          case "Ed25519", "EdDSA" -> "Ed25519";
          default ->
              throw new GeneralSecurityException(
                  "key is %s; accepted are EC, RSA, Ed25519".formatted(key.getAlgorithm()));
        };
    Signature signing = Signature.getInstance(algorithm);
    signing.initSign(key);
    signing.update(PROBE);
    Signature checking = Signature.getInstance(algorithm);
    checking.initVerify(certificate.getPublicKey());
    checking.update(PROBE);
    if (!checking.verify(signing.sign())) {
      throw new GeneralSecurityException("the key does not belong to the certificate");
    }
  }
}
