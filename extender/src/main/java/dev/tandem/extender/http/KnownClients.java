package dev.tandem.extender.http;

import dev.tandem.edge.http.Reply;
import java.util.Set;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Lets in who shows a client certificate, and refuses the rest with 401. One that is shown has been
 * verified in the handshake. Probes and Prometheus have none, and may ask what is open to them.
 */
final class KnownClients extends Handler.Wrapper {
  private static final Set<String> OPEN = Set.of("/healthz", "/readyz", "/metrics");

  KnownClients(Handler next) {
    super(next);
  }

  @Override
  public boolean handle(Request request, Response response, Callback sent) throws Exception {
    if (OPEN.contains(Request.getPathInContext(request)) || known(request)) {
      return super.handle(request, response, sent);
    }
    Reply.text(
            HttpStatus.UNAUTHORIZED_401,
            "a client certificate is needed; set tlsConfig.certFile and keyFile")
        .send(response, sent);
    return true;
  }

  private static boolean known(Request request) {
    return request.getAttribute(EndPoint.SslSessionData.ATTRIBUTE)
            instanceof EndPoint.SslSessionData session
        && session.peerCertificates() != null
        && session.peerCertificates().length > 0;
  }
}
