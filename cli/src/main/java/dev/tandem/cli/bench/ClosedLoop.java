package dev.tandem.cli.bench;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Sends the same request over and over on kept connections, each the next as soon as the answer is
 * whole. A client of its own and not a library's, whose latency would be measured too. One thread a
 * connection.
 */
final class ClosedLoop {

  private final int port;
  private final byte[] request;

  ClosedLoop(int port, String path, String body) {
    this.port = port;
    this.request =
        ("POST "
                + path
                + " HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\nContent-Length: "
                + body.length()
                + "\r\n\r\n"
                + body)
            .getBytes(StandardCharsets.US_ASCII);
  }

  /** The p50 and p99 of all requests, in milliseconds. */
  double[] run(int connections, int requests) throws InterruptedException {
    long[][] nanos = new long[connections][requests];
    AtomicReference<IOException> failed = new AtomicReference<>();
    List<Thread> threads = new ArrayList<>();
    for (long[] own : nanos) {
      threads.add(
          Thread.ofPlatform()
              .start(() -> {
                try {
                  run(own);
                } catch (IOException e) {
                  failed.set(e);
                }
              }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    IOException cause = failed.get();
    if (cause != null) {
      throw new IllegalStateException("a connection failed: " + cause, cause);
    }
    long[] all = Arrays.stream(nanos).flatMapToLong(Arrays::stream).sorted().toArray();
    return new double[] {all[all.length / 2] / 1e6, all[(int) (all.length * 0.99)] / 1e6};
  }

  private void run(long[] nanos) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", port)) {
      socket.setTcpNoDelay(true);
      OutputStream out = socket.getOutputStream();
      InputStream in = new BufferedInputStream(socket.getInputStream());
      for (int i = 0; i < nanos.length; i++) {
        long start = System.nanoTime();
        out.write(request);
        answer(in);
        nanos[i] = System.nanoTime() - start;
      }
    }
  }

  private static void answer(InputStream in) throws IOException {
    String status = line(in);
    if (!status.startsWith("HTTP/1.1 200")) {
      throw new IOException(status);
    }
    long length = -1;
    for (String header = line(in); !header.isEmpty(); header = line(in)) {
      if (header.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
        length = Long.parseLong(header.substring(15).strip());
      }
    }
    if (length < 0) {
      throw new IOException("an answer without a length");
    }
    in.skipNBytes(length);
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new EOFException("the connection was closed");
      }
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }
}
