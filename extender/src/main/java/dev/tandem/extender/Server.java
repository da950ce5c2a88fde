package dev.tandem.extender;

import dev.tandem.extender.certificates.CertificateFiles;
import org.jspecify.annotations.Nullable;

/**
 * What the extender listens on. Immutable.
 *
 * @param host address; loopback by default, since kube-scheduler sits beside it
 * @param port 0 for any free one
 * @param tls the files of a serving certificate, or null for plain HTTP
 */
public record Server(String host, int port, @Nullable CertificateFiles tls) {
  public Server {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("port: " + port + "; accepted: 0 to 65535");
    }
  }

  /** Loopback, port 8888, plain HTTP. */
  public static Server defaults() {
    return new Server("127.0.0.1", 8888, null);
  }

  /** The same on another port. */
  public Server withPort(int other) {
    return new Server(host, other, tls);
  }

  /** The same over TLS. */
  public Server withTls(CertificateFiles files) {
    return new Server(host, port, files);
  }

  /** Where it is to be called. */
  String url(int boundPort) {
    return (tls == null ? "http://" : "https://") + host + ":" + boundPort;
  }
}
