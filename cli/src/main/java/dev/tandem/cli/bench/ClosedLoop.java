package dev.tandem.cli.bench;

import java.io.IOException;
import javax.net.SocketFactory;

/**
 * Sends the same request over and over, each the next as soon as the answer is whole: on
 * connections that are kept, or each on one of its own. One thread for as many as are open at once.
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

  /** The p50 and p99 of all requests on kept connections, in milliseconds. */
  double[] run(int connections, int requests) throws InterruptedException {
    return latency(ParallelCalls.sorted(connections, requests, (index, nanos) -> kept(nanos)));
  }

  /** The same with a new connection for each request, whose handshake counts. */
  double[] runOnNewConnections(int atOnce, int requests) throws InterruptedException {
    return latency(ParallelCalls.sorted(atOnce, requests, (index, nanos) -> fresh(nanos)));
  }

  private static double[] latency(long[] sorted) {
    return new double[] {
      sorted[sorted.length / 2] / 1e6, sorted[(int) (sorted.length * 0.99)] / 1e6
    };
  }

  private void kept(long[] nanos) throws IOException {
    try (KeptConnection connection = new KeptConnection(sockets, port)) {
      for (int i = 0; i < nanos.length; i++) {
        long start = System.nanoTime();
        connection.call(request);
        nanos[i] = System.nanoTime() - start;
      }
    }
  }

  private void fresh(long[] nanos) throws IOException {
    for (int i = 0; i < nanos.length; i++) {
      long start = System.nanoTime();
      try (KeptConnection connection = new KeptConnection(sockets, port)) {
        connection.call(request);
      }
      nanos[i] = System.nanoTime() - start;
    }
  }
}
