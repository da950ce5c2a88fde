package dev.tandem.webhook.tls;

import dev.tandem.webhook.certificates.Identity;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** An identity with a key of any kind, and clients that trust nothing else. */
record SelfSigned(Identity identity) {

  static SelfSigned of(String keyAlgorithm, String signature)
      throws GeneralSecurityException, OperatorCreationException {
    KeyPair pair = KeyPairGenerator.getInstance(keyAlgorithm).generateKeyPair();
    X500Name name = new X500Name("CN=tandem");
    Instant now = Instant.now();
    JcaX509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            name,
            BigInteger.TEN,
            Date.from(now.minusSeconds(60)),
            Date.from(now.plusSeconds(3_600)),
            name,
            pair.getPublic());
    return new SelfSigned(
        new Identity(
            List.of(
                new JcaX509CertificateConverter()
                    .getCertificate(
                        builder.build(
                            new JcaContentSignerBuilder(signature).build(pair.getPrivate())))),
            pair.getPrivate()));
  }

  SSLContext trusting() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setCertificateEntry("tandem", identity.leaf());
    TrustManagerFactory managers =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    managers.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, managers.getTrustManagers(), null);
    return context;
  }
}
