package dev.tandem.cli.bench;

import java.io.IOException;
import javax.net.SocketFactory;

/**
 * Sends the same request over and over on kept connections, each the next as soon as the answer is
 * whole. One thread a connection.
 */
final class ClosedLoop {

  private final SocketFactory sockets;
  private final int port;
  private final byte[] request;

  ClosedLoop(int port, String path, String body) {
    this(SocketFactory.getDefault(), port, path, body);
  }

  ClosedLoop(SocketFactory sockets, int port, String path, String body) {
    this.sockets = sockets;
    this.port = port;
    this.request = KeptConnection.post(path, "", body);
  }

  /** The p50 and p99 of all requests, in milliseconds. */
  double[] run(int connections, int requests) throws InterruptedException {
    long[] all = ParallelCalls.sorted(connections, requests, (index, nanos) -> run(nanos));
    return new double[] {all[all.length / 2] / 1e6, all[(int) (all.length * 0.99)] / 1e6};
  }

  private void run(long[] nanos) throws IOException {
    try (KeptConnection connection = new KeptConnection(sockets, port)) {
      for (int i = 0; i < nanos.length; i++) {
        long start = System.nanoTime();
        connection.call(request);
        nanos[i] = System.nanoTime() - start;
      }
    }
  }
}
