package dev.tandem.standin.transfer;

/** ZMQ endpoints from hosts and ports. */
final class Address {
  private Address() {}

  static String tcp(String host, String port) {
    // an IPv6 address needs brackets
    return host.contains(":") && !host.startsWith("[")
        ? "tcp://[" + host + "]:" + port
        : "tcp://" + host + ":" + port;
  }
}
