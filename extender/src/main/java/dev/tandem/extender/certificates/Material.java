package dev.tandem.extender.certificates;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.jspecify.annotations.Nullable;

/**
 * Certificates and key, read, and checked to belong together. Immutable.
 *
 * @param serving key store with the key and its chain, under {@link #PASSWORD}
 * @param clients trust store of the authorities of clients, or null if none are asked for
 * @param expiry when clients stop to accept the serving certificate
 * @param bytes the files as they were read, to tell a change
 */
record Material(KeyStore serving, @Nullable KeyStore clients, Instant expiry, List<byte[]> bytes) {
  /** Of key stores that live in memory only. */
  static final String PASSWORD = "in-memory";

  /** A chain, a key or a bundle of authorities is some kilobytes. */
  private static final int MOST_BYTES = 1 << 20;

  private static final JcaPEMKeyConverter KEYS = new JcaPEMKeyConverter();

  Material {
    bytes = List.copyOf(bytes);
  }

  /** The files' bytes now. */
  static List<byte[]> bytes(CertificateFiles files) throws IOException {
    List<byte[]> bytes = new ArrayList<>();
    bytes.add(bytes(files.certificate()));
    bytes.add(bytes(files.key()));
    if (files.clientAuthority() != null) {
      bytes.add(bytes(files.clientAuthority()));
    }
    return bytes;
  }

  /**
   * Reads and checks.
   *
   * @throws IOException if a file cannot be read
   * @throws BadMaterialException if they are not what TLS needs; the message names the file
   */
  static Material of(CertificateFiles files, List<byte[]> bytes) throws BadMaterialException {
    List<X509Certificate> chain = certificates(files.certificate(), bytes.get(0));
    KeyStore serving = identity(files.certificate(), chain, files.key(), bytes.get(1));
    Path authority = files.clientAuthority();
    KeyStore clients = authority == null ? null : trust(authority, bytes.get(2));
    return new Material(serving, clients, chain.getFirst().getNotAfter().toInstant(), bytes);
  }

  /** Who shows a certificate and its key: a key store with both, under {@link #PASSWORD}. */
  static KeyStore identity(Path certificate, byte[] chain, Path key, byte[] pem)
      throws BadMaterialException {
    return identity(certificate, certificates(certificate, chain), key, pem);
  }

  private static KeyStore identity(
      Path certificate, List<X509Certificate> chain, Path keyFile, byte[] pem)
      throws BadMaterialException {
    PrivateKey key = key(keyFile, pem);
    if (!belongs(key, chain.getFirst().getPublicKey())) {
      throw new BadMaterialException(
          keyFile + " is not the key of the certificate in " + certificate);
    }
    try {
      KeyStore store = empty();
      store.setKeyEntry("own", key, PASSWORD.toCharArray(), chain.toArray(Certificate[]::new));
      return store;
    } catch (GeneralSecurityException | IOException e) {
      throw new BadMaterialException(certificate + ": " + e.getMessage(), e);
    }
  }

  /** Who is trusted: a trust store with every certificate of a file. */
  static KeyStore trust(Path authority, byte[] pem) throws BadMaterialException {
    try {
      KeyStore store = empty();
      int number = 0;
      for (X509Certificate trusted : certificates(authority, pem)) {
        store.setCertificateEntry("authority-" + number++, trusted);
      }
      return store;
    } catch (GeneralSecurityException | IOException e) {
      throw new BadMaterialException(authority + ": " + e.getMessage(), e);
    }
  }

  boolean sameAs(List<byte[]> others) {
    if (bytes.size() != others.size()) {
      return false;
    }
    for (int i = 0; i < others.size(); i++) {
      if (!Arrays.equals(bytes.get(i), others.get(i))) {
        return false;
      }
    }
    return true;
  }

  static byte[] bytes(Path file) throws IOException {
    if (Files.size(file) > MOST_BYTES) {
      throw new IOException(file + ": " + Files.size(file) + " bytes; accepted: " + MOST_BYTES);
    }
    return Files.readAllBytes(file);
  }

  private static KeyStore empty() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }

  private static List<X509Certificate> certificates(Path file, byte[] pem)
      throws BadMaterialException {
    List<X509Certificate> certificates = new ArrayList<>();
    try (PEMParser parser = parser(pem)) {
      for (Object next = parser.readObject(); next != null; next = parser.readObject()) {
        if (next instanceof X509CertificateHolder holder) {
          certificates.add(new JcaX509CertificateConverter().getCertificate(holder));
        }
      }
    } catch (IOException | GeneralSecurityException | RuntimeException e) {
      throw new BadMaterialException(file + " is not PEM: " + e.getMessage(), e);
    }
    if (certificates.isEmpty()) {
      throw new BadMaterialException(file + " holds no certificate; accepted: PEM, leaf first");
    }
    return certificates;
  }

  private static PrivateKey key(Path file, byte[] pem) throws BadMaterialException {
    try (PEMParser parser = parser(pem)) {
      for (Object next = parser.readObject(); next != null; next = parser.readObject()) {
        if (next instanceof PEMKeyPair pair) {
          return KEYS.getPrivateKey(pair.getPrivateKeyInfo());
        }
        if (next instanceof PrivateKeyInfo info) {
          return KEYS.getPrivateKey(info);
        }
      }
    } catch (IOException | RuntimeException e) {
      throw new BadMaterialException(file + " is not a PEM key: " + e.getMessage(), e);
    }
    throw new BadMaterialException(
        file + " holds no private key; accepted: PKCS #8, PKCS #1 or SEC 1, not encrypted");
  }

  private static PEMParser parser(byte[] pem) {
    return new PEMParser(new StringReader(new String(pem, StandardCharsets.US_ASCII)));
  }

  /** Signs with the one and verifies with the other, which works for every kind of key. */
  private static boolean belongs(PrivateKey key, PublicKey certified) {
    if (!key.getAlgorithm().equals(certified.getAlgorithm())) {
      return false;
    }
    String algorithm =
        switch (key.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC", "ECDSA" -> "SHA256withECDSA";
          default -> key.getAlgorithm();
        };
    try {
      byte[] text = {1, 2, 3};
      Signature signature = Signature.getInstance(algorithm);
      signature.initSign(key);
      signature.update(text);
      byte[] signed = signature.sign();
      signature.initVerify(certified);
      signature.update(text);
      return signature.verify(signed);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }
}
