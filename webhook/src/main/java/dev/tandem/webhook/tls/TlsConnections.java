package dev.tandem.webhook.tls;

import dev.tandem.webhook.certificates.Identity;
import dev.tandem.webhook.certificates.ServedIdentity;
import java.security.GeneralSecurityException;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import org.conscrypt.Conscrypt;
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
 * TLS below {@link Negotiation}: each connection is BoringSSL's or the JDK's, by what can sign with
 * the key that is shown when it comes. Through a Service an API server keeps 25 connections to a
 * webhook, so most creations of a burst begin with a handshake: docs/benchmarks/admission.md has
 * what each library takes for one. Any thread.
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
    jdk = new JdkTls(jdk(served.keys()));
    installBean(jdk);
    SslContextFactory.@Nullable Server fast =
        library == TlsLibrary.boringssl ? boringSsl(served.keys()) : null;
    boringSsl = fast == null ? null : new NativeTls(fast);
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

  private static SslContextFactory.Server jdk(KeyManager keys) {
    try {
      return factory(SSLContext.getInstance("TLS"), keys);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK has no TLS: " + e.getMessage(), e);
    }
  }

  private static SslContextFactory.@Nullable Server boringSsl(KeyManager keys) {
    try {
      Conscrypt.checkAvailability();
      return factory(SSLContext.getInstance("TLS", Conscrypt.newProvider()), keys);
    } catch (UnsatisfiedLinkError | GeneralSecurityException e) {
      log.warn("BoringSSL does not load here, the JDK's TLS serves: {}", e.getMessage());
      return null;
    }
  }

  private static SslContextFactory.Server factory(SSLContext context, KeyManager keys)
      throws GeneralSecurityException {
    context.init(new KeyManager[] {keys}, null, null);
    SslContextFactory.Server tls = new SslContextFactory.Server();
    tls.setSslContext(context);
    tls.setIncludeProtocols("TLSv1.3", "TLSv1.2");
    return tls;
  }
}
