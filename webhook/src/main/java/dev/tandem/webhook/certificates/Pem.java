package dev.tandem.webhook.certificates;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;

/**
 * PEM text (RFC 7468) of certificates and keys. Keys are written as PKCS #8 and read in the forms
 * cert-manager and openssl write too (PKCS #1, SEC 1), unencrypted.
 */
final class Pem {

  /** A bundle of hundreds of authorities; what is larger is not looked at. */
  static final int MOST_CHARACTERS = 1 << 20;

  private Pem() {}

  static String write(X509Certificate certificate) {
    try {
      return write("CERTIFICATE", certificate.getEncoded());
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException("cannot encode a certificate: " + e.getMessage(), e);
    }
  }

  static String write(Collection<X509Certificate> certificates) {
    return certificates.stream().map(Pem::write).collect(Collectors.joining());
  }

  static String write(PrivateKey key) {
    return write("PRIVATE KEY", key.getEncoded());
  }

  /** All certificates of a text, at least one. */
  static List<X509Certificate> certificates(String pem) throws GeneralSecurityException {
    checkSize(pem);
    Collection<?> found =
        CertificateFactory.getInstance("X.509")
            .generateCertificates(
                new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)));
    if (found.isEmpty()) {
      throw new GeneralSecurityException("no certificate in PEM");
    }
    return found.stream().map(X509Certificate.class::cast).toList();
  }

  static PrivateKey privateKey(String pem) throws GeneralSecurityException {
    checkSize(pem);
    try (PEMParser parser = new PEMParser(new StringReader(pem))) {
      JcaPEMKeyConverter converter = new JcaPEMKeyConverter();
      for (Object found = parser.readObject(); found != null; found = parser.readObject()) {
        switch (found) {
          case PrivateKeyInfo info -> {
            return converter.getPrivateKey(info);
          }
          case PEMKeyPair pair -> {
            return converter.getKeyPair(pair).getPrivate();
          }
          default -> {
            // SEC 1 keys may come with the parameters of their curve in front.
          }
        }
      }
      throw new GeneralSecurityException("no unencrypted private key in PEM");
    } catch (IOException | RuntimeException e) {
      // Bouncy Castle answers damaged structures with runtime exceptions of many kinds.
      throw new GeneralSecurityException("not a PEM private key: " + e.getMessage(), e);
    }
  }

  private static void checkSize(String pem) throws GeneralSecurityException {
    if (pem.length() > MOST_CHARACTERS) {
      throw new GeneralSecurityException(
          "PEM of %d characters; accepted are %d".formatted(pem.length(), MOST_CHARACTERS));
    }
  }

  private static String write(String type, byte[] encoded) {
    String body =
        Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(encoded);
    return "-----BEGIN " + type + "-----\n" + body + "\n-----END " + type + "-----\n";
  }
}
