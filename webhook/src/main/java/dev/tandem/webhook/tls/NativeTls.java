package dev.tandem.webhook.tls;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.conscrypt.Conscrypt;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/** Makes connections of BoringSSL. Any thread. */
final class NativeTls extends SslConnectionFactory {

  /**
   * Without the hybrid of X25519 and ML-KEM that BoringSSL would agree on: it is a tenth of a
   * millisecond for either side, and the specs of pods are no secret that has to last.
   */
  private static final String[] GROUPS = {"X25519", "P-256", "P-384"};

  private final CopyBuffers buffers = new CopyBuffers();

  NativeTls(SslContextFactory.Server context) {
    super(context, Negotiation.NAME);
  }

  @Override
  protected SslConnection newSslConnection(
      Connector connector, EndPoint endPoint, SSLEngine engine) {
    Conscrypt.setBufferAllocator(engine, buffers);
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setNamedGroups(GROUPS);
    engine.setSSLParameters(parameters);
    Negotiation.offer(endPoint, engine);
    return new NativeConnection(
        connector.getByteBufferPool(),
        connector.getExecutor(),
        getSslContextFactory(),
        endPoint,
        engine,
        buffers);
  }
}
