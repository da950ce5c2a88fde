package dev.tandem.extender;

/**
 * What the extender listens on. Immutable.
 *
 * @param host address; loopback by default, since kube-scheduler sits beside it
 * @param port 0 for any free one
 */
public record Server(String host, int port) {
  public Server {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("port: " + port + "; accepted: 0 to 65535");
    }
  }

  /** Loopback, port 8888. */
  public static Server defaults() {
    return new Server("127.0.0.1", 8888);
  }

  /** The same on another port. */
  public Server withPort(int other) {
    return new Server(host, other);
  }
}
