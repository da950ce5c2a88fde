package dev.tandem.webhook.http;

import dev.tandem.webhook.binding.BindingStamp;
import dev.tandem.webhook.certificates.CertificateIssuer;
import dev.tandem.webhook.certificates.CertificateIssuer.Purpose;
import dev.tandem.webhook.certificates.Identity;
import dev.tandem.webhook.certificates.KeyedCertificate;
import dev.tandem.webhook.certificates.ServedIdentity;
import dev.tandem.webhook.inject.InjectionConfig;
import dev.tandem.webhook.inject.Injector;
import dev.tandem.webhook.tls.TlsConnections;
import dev.tandem.webhook.tls.TlsLibrary;
import java.io.IOException;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** A webhook on loopback with a certificate of its own, and clients that trust nothing else. */
final class LocalServer implements AutoCloseable {

  final WebhookMetrics metrics = new WebhookMetrics();
  final SSLContext trust;
  private final WebhookServer server;

  LocalServer(Duration patience) throws GeneralSecurityException, IOException {
    CertificateIssuer issuer = new CertificateIssuer(Clock.systemUTC(), new SecureRandom());
    KeyedCertificate authority = issuer.authority("authority", Duration.ofDays(1));
    KeyedCertificate leaf =
        issuer.leaf(authority, List.of("127.0.0.1"), Duration.ofHours(1), Purpose.SERVER);
    ServedIdentity served = new ServedIdentity();
    served.show(new Identity(List.of(leaf.certificate()), leaf.key()));
    trust = Caller.trusting(authority.certificate());
    server =
        new WebhookServer(
            "127.0.0.1",
            0,
            new TlsConnections(served, TlsLibrary.boringssl),
            new Injector(InjectionConfig.DEFAULT),
            new BindingStamp(node -> null),
            event -> {},
            metrics,
            () -> null,
            patience);
  }

  URI url(String path) {
    return URI.create("https://127.0.0.1:" + server.port() + path);
  }

  /** A connection on which hands have yet to be shaken. */
  SSLSocket connected() throws IOException {
    SSLSocket socket =
        (SSLSocket) trust.getSocketFactory().createSocket("127.0.0.1", server.port());
    socket.setSoTimeout(60_000);
    return socket;
  }

  @Override
  public void close() {
    server.close();
  }
}
