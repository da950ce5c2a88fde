package dev.tandem.cli.controlplane;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;

/** Free TCP ports of 127.0.0.1 for processes that cannot bind port 0 themselves. */
final class LoopbackPorts {
  private static final Set<Integer> HANDED_OUT = new HashSet<>();

  private LoopbackPorts() {}

  /** A port that is free now and that this JVM has not been given before. */
  static synchronized int free() {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    while (true) {
      try (ServerSocket socket = new ServerSocket(0, 1, loopback)) {
        if (HANDED_OUT.add(socket.getLocalPort())) {
          return socket.getLocalPort();
        }
      } catch (IOException e) {
        throw new UncheckedIOException("no free port on " + loopback + ": " + e.getMessage(), e);
      }
    }
  }
}
