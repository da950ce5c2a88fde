package dev.tandem.e2e;

import dev.tandem.cli.controlplane.TrustedAuthorities;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/** One TLS connection a request, trusting a caBundle and nobody else. Any thread. */
final class TlsCaller {
  private static final String HOST = "127.0.0.1";
  private static final int PATIENCE_MILLIS = 60_000;

  private final byte[] caBundle;
  private final int port;

  /**
   * What a server showed and answered.
   *
   * @param leaf its certificate
   * @param text the answer with its header
   */
  record Answer(X509Certificate leaf, String text) {}

  TlsCaller(String caBundle, int port) {
    this.caBundle = caBundle.getBytes(StandardCharsets.US_ASCII);
    this.port = port;
  }

  Answer get(String path) throws IOException {
    return send("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");
  }

  Answer post(String path, String json) throws IOException {
    return send(
        "POST %s HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s"
            .formatted(path, json.length(), json));
  }

  /** A new one each time, so that no session is taken up again: every handshake is one in full. */
  private SSLSocketFactory factory() throws IOException {
    try {
      return TrustedAuthorities.context(caBundle).getSocketFactory();
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
  }

  private Answer send(String request) throws IOException {
    try (SSLSocket socket = (SSLSocket) factory().createSocket(HOST, port)) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      socket.setSSLParameters(parameters);
      socket.startHandshake();
      X509Certificate leaf = (X509Certificate) socket.getSession().getPeerCertificates()[0];
      OutputStream out = socket.getOutputStream();
      out.write(request.getBytes(StandardCharsets.US_ASCII));
      out.flush();
      return new Answer(
          leaf, new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
    }
  }
}
