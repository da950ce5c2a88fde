package dev.tandem.cli.bench;

import java.io.IOException;
import javax.net.SocketFactory;

/** Sends the same request over and over, each on a connection of its own. */
final class FreshConnections {

  private final SocketFactory sockets;
  private final int port;
  private final byte[] request;

  FreshConnections(SocketFactory sockets, int port, String path, String body) {
    this.sockets = sockets;
    this.port = port;
    this.request = KeptConnection.post(path, "", body);
  }

  /** The p50 and p99 of all requests, handshake included, in milliseconds. */
  double[] run(int atOnce, int requests) throws InterruptedException {
    long[] all = ParallelCalls.sorted(atOnce, requests / atOnce, (index, nanos) -> run(nanos));
    return new double[] {all[all.length / 2] / 1e6, all[(int) (all.length * 0.99)] / 1e6};
  }

  private void run(long[] nanos) throws IOException {
    for (int i = 0; i < nanos.length; i++) {
      long start = System.nanoTime();
      try (KeptConnection connection = new KeptConnection(sockets, port)) {
        connection.call(request);
      }
      nanos[i] = System.nanoTime() - start;
    }
  }
}
