package dev.tandem.webhook.tls;

import dev.tandem.webhook.certificates.Identity;
import dev.tandem.webhook.certificates.ServedIdentity;
import java.security.GeneralSecurityException;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import org.conscrypt.Conscrypt;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.AbstractConnectionFactory;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TLS below HTTP/1.1: each connection is BoringSSL's or the JDK's, by what can sign with the key
 * that is shown when it comes. An API server keeps 25 connections to a webhook, so most creations
 * of a burst begin with a handshake: docs/benchmarks/admission.md has what each library takes for
 * one. Any thread.
 */
public final class TlsConnections extends AbstractConnectionFactory {

  private static final Logger log = LoggerFactory.getLogger(TlsConnections.class);

  private final ServedIdentity served;
  private final SslConnectionFactory jdk;
  private final @Nullable SslConnectionFactory boringSsl;

  /** Connections that show whatever is current. */
  public TlsConnections(ServedIdentity served, TlsLibrary library) {
    super("SSL");
    this.served = served;
    KeyManager keys = served.keys();
    jdk = new SslConnectionFactory(factory(jdkContext(keys)), HttpVersion.HTTP_1_1.asString());
    installBean(jdk);
    SSLContext fast = library == TlsLibrary.boringssl ? boringSslContext(keys) : null;
    boringSsl = fast == null ? null : new NativeTls(factory(fast));
    if (boringSsl != null) {
      installBean(boringSsl);
    }
  }

  @Override
  public Connection newConnection(Connector connector, EndPoint endPoint) {
    SslConnectionFactory chosen = boringSsl;
    return (chosen != null && boringSslSigns(served.current()) ? chosen : jdk)
        .newConnection(connector, endPoint);
  }

  /** As a server BoringSSL does not offer Ed25519. */
  private static boolean boringSslSigns(@Nullable Identity identity) {
    return identity != null
        && (identity.key().getAlgorithm().equals("EC")
            || identity.key().getAlgorithm().equals("RSA"));
  }

  private static SslContextFactory.Server factory(SSLContext context) {
    SslContextFactory.Server tls = new SslContextFactory.Server();
    tls.setSslContext(context);
    tls.setIncludeProtocols("TLSv1.3", "TLSv1.2");
    return tls;
  }

  private static SSLContext jdkContext(KeyManager keys) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(new KeyManager[] {keys}, null, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK has no TLS: " + e.getMessage(), e);
    }
  }

  private static @Nullable SSLContext boringSslContext(KeyManager keys) {
    try {
      Conscrypt.checkAvailability();
      SSLContext context = SSLContext.getInstance("TLS", Conscrypt.newProvider());
      context.init(new KeyManager[] {keys}, null, null);
      return context;
    } catch (UnsatisfiedLinkError | GeneralSecurityException e) {
      log.warn("BoringSSL does not load here, the JDK's TLS serves: {}", e.getMessage());
      return null;
    }
  }
}
