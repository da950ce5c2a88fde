package dev.tandem.e2e;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;

/** One TLS connection a request, trusting a caBundle and nobody else. Any thread. */
final class TlsCaller {
  private static final String HOST = "127.0.0.1";
  private static final int PATIENCE_MILLIS = 60_000;

  private final TrustManagerFactory trust;
  private final int port;

  /**
   * What a server showed and answered.
   *
   * @param leaf its certificate
   * @param text the answer with its header
   */
  record Answer(X509Certificate leaf, String text) {}

  TlsCaller(String caBundle, int port) throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    int count = 0;
    for (Certificate authority :
        CertificateFactory.getInstance("X.509")
            .generateCertificates(
                new ByteArrayInputStream(caBundle.getBytes(StandardCharsets.US_ASCII)))) {
      store.setCertificateEntry("authority-" + count++, authority);
    }
    trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(store);
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
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context.getSocketFactory();
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
