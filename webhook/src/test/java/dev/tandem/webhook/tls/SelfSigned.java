package dev.tandem.webhook.tls;

import dev.tandem.webhook.certificates.Identity;
import dev.tandem.webhook.http.Caller;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import javax.net.ssl.SSLSocket;
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

  /** A client of this port on loopback that trusts nothing else, and has yet to shake hands. */
  SSLSocket connect(int port) throws GeneralSecurityException, IOException {
    SSLSocket socket =
        (SSLSocket)
            Caller.trusting(identity.leaf()).getSocketFactory().createSocket("127.0.0.1", port);
    socket.setSoTimeout(60_000);
    return socket;
  }
}
