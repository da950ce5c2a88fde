package dev.tandem.webhook.certificates;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * Makes authorities and certificates under them: ECDSA on P-256, random serials, valid from one
 * hour ago so that a clock that runs behind accepts them. Any thread.
 *
 * <p>Bouncy Castle builds the certificate, because the JDK has no public builder; keys and
 * signatures are the JDK's own, so no security provider is registered.
 */
public final class CertificateIssuer {

  /** How far {@code NotBefore} lies before the time a certificate is made. */
  static final Duration CLOCK_SKEW = Duration.ofHours(1);

  private static final String SIGNATURE = "SHA256withECDSA";
  private static final String CURVE = "secp256r1";

  /** RFC 5280 asks for positive serials of at most 20 bytes. */
  private static final int SERIAL_BITS = 128;

  private final Clock clock;
  private final SecureRandom random;

  public CertificateIssuer(Clock clock, SecureRandom random) {
    this.clock = clock;
    this.random = random;
  }

  /** What a certificate may be used for. */
  public enum Purpose {
    /** Shown by a server; names are DNS names and IPv4 addresses. */
    SERVER(KeyPurposeId.id_kp_serverAuth),
    /** Shown by a client; the first name is who it is. */
    CLIENT(KeyPurposeId.id_kp_clientAuth);

    private final KeyPurposeId usage;

    Purpose(KeyPurposeId usage) {
      this.usage = usage;
    }
  }

  /** A new authority, which may sign leaves only. */
  public KeyedCertificate authority(String commonName, Duration life) {
    return made(() -> {
      KeyPair keys = keys();
      X500Name name = named(commonName);
      JcaX509v3CertificateBuilder builder = builder(name, name, keys, clock.instant().plus(life));
      JcaX509ExtensionUtils extensions = new JcaX509ExtensionUtils();
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
      builder.addExtension(
          Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
      builder.addExtension(
          Extension.subjectKeyIdentifier,
          false,
          extensions.createSubjectKeyIdentifier(keys.getPublic()));
      return new KeyedCertificate(signed(builder, keys.getPrivate()), keys.getPrivate());
    });
  }

  /**
   * A certificate that {@code authority} signs; it ends with its authority at the latest.
   *
   * @param names the first is the subject
   */
  public KeyedCertificate leaf(
      KeyedCertificate authority, List<String> names, Duration life, Purpose purpose) {
    return made(() -> {
      KeyPair keys = keys();
      X509Certificate signer = authority.certificate();
      Instant end = clock.instant().plus(life);
      Instant last = signer.getNotAfter().toInstant();
      JcaX509v3CertificateBuilder builder =
          builder(
              new JcaX509CertificateHolder(signer).getSubject(),
              named(names.getFirst()),
              keys,
              end.isBefore(last) ? end : last);
      JcaX509ExtensionUtils extensions = new JcaX509ExtensionUtils();
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
      builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
      builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purpose.usage));
      builder.addExtension(Extension.subjectAlternativeName, false, alternativeNames(names));
      builder.addExtension(
          Extension.subjectKeyIdentifier,
          false,
          extensions.createSubjectKeyIdentifier(keys.getPublic()));
      builder.addExtension(
          Extension.authorityKeyIdentifier, false, extensions.createAuthorityKeyIdentifier(signer));
      return new KeyedCertificate(signed(builder, authority.key()), keys.getPrivate());
    });
  }

  private interface Making {
    KeyedCertificate make() throws GeneralSecurityException, IOException, OperatorCreationException;
  }

  private static KeyedCertificate made(Making making) {
    try {
      return making.make();
    } catch (GeneralSecurityException | IOException | OperatorCreationException e) {
      throw new IllegalStateException("cannot make a certificate: " + e.getMessage(), e);
    }
  }

  /** A name is data: built from its parts, never parsed. */
  private static X500Name named(String commonName) {
    return new X500NameBuilder(BCStyle.INSTANCE).addRDN(BCStyle.CN, commonName).build();
  }

  private JcaX509v3CertificateBuilder builder(
      X500Name issuer, X500Name subject, KeyPair keys, Instant end) {
    return new JcaX509v3CertificateBuilder(
        issuer,
        new BigInteger(SERIAL_BITS, random).add(BigInteger.ONE),
        Date.from(clock.instant().minus(CLOCK_SKEW)),
        Date.from(end),
        subject,
        keys.getPublic());
  }

  private static X509Certificate signed(JcaX509v3CertificateBuilder builder, PrivateKey signer)
      throws GeneralSecurityException, OperatorCreationException {
    return new JcaX509CertificateConverter()
        .getCertificate(builder.build(new JcaContentSignerBuilder(SIGNATURE).build(signer)));
  }

  private static GeneralNames alternativeNames(List<String> names) {
    return new GeneralNames(
        names.stream()
            .map(name ->
                new GeneralName(
                    name.matches("[0-9.]+") ? GeneralName.iPAddress : GeneralName.dNSName, name))
            .toArray(GeneralName[]::new));
  }

  private KeyPair keys() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec(CURVE), random);
    return generator.generateKeyPair();
  }
}
