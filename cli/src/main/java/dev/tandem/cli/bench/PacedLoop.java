package dev.tandem.cli.bench;

import java.io.IOException;
import java.util.concurrent.locks.LockSupport;
import javax.net.SocketFactory;

/**
 * Sends the same request at a fixed rate on kept connections. Each call counts from when it was
 * due, so that a server that stalls is charged for those that had to wait. One thread a connection.
 */
final class PacedLoop {

  private final SocketFactory sockets;
  private final int port;
  private final byte[] request;

  PacedLoop(SocketFactory sockets, int port, String path, String body) {
    this.sockets = sockets;
    this.port = port;
    this.request = KeptConnection.post(path, "", body);
  }

  /** The p50, p99 and longest of all calls, in milliseconds. */
  double[] run(int connections, int calls, int callsASecond) throws InterruptedException {
    long period = 1_000_000_000L * connections / callsASecond;
    long start = System.nanoTime() + 100_000_000L;
    long[] all =
        ParallelCalls.sorted(
            connections,
            calls / connections,
            (index, nanos) -> run(nanos, start + period * index / connections, period));
    return new double[] {
      all[all.length / 2] / 1e6, all[(int) (all.length * 0.99)] / 1e6, all[all.length - 1] / 1e6
    };
  }

  private void run(long[] nanos, long first, long period) throws IOException {
    try (KeptConnection connection = new KeptConnection(sockets, port)) {
      for (int i = 0; i < nanos.length; i++) {
        long due = first + period * i;
        for (long wait = due - System.nanoTime(); wait > 0; wait = due - System.nanoTime()) {
          LockSupport.parkNanos(wait);
        }
        connection.call(request);
        nanos[i] = System.nanoTime() - due;
      }
    }
  }
}
