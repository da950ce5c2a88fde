package dev.tandem.cli.bench;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import javax.net.SocketFactory;

/**
 * One HTTP/1.1 connection that is kept, for a driver: of its own and not a library's, whose latency
 * would be measured too. One thread.
 */
final class KeptConnection implements AutoCloseable {

  private final Socket socket;
  private final InputStream in;

  KeptConnection(SocketFactory sockets, int port) throws IOException {
    socket = sockets.createSocket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    in = new BufferedInputStream(socket.getInputStream());
  }

  /** The bytes of a POST of JSON; {@code header} lines end in CR LF. */
  static byte[] post(String path, String header, String body) {
    return request("POST", path, "application/json", header, body);
  }

  /** The bytes of a request with an ASCII body; {@code header} lines end in CR LF. */
  static byte[] request(String method, String path, String type, String header, String body) {
    return (method
            + " "
            + path
            + " HTTP/1.1\r\nHost: bench\r\nContent-Type: "
            + type
            + "\r\n"
            + header
            + "Content-Length: "
            + body.length()
            + "\r\n\r\n"
            + body)
        .getBytes(StandardCharsets.US_ASCII);
  }

  /**
   * Sends a request and returns when its answer is whole.
   *
   * @throws IOException where the answer is not 200 or 201
   */
  void call(byte[] request) throws IOException {
    socket.getOutputStream().write(request);
    String status = line();
    long length = -1;
    boolean chunked = false;
    for (String header = line(); !header.isEmpty(); header = line()) {
      String lower = header.toLowerCase(Locale.ROOT);
      if (lower.startsWith("content-length:")) {
        length = Long.parseLong(header.substring(15).strip());
      }
      chunked |= lower.equals("transfer-encoding: chunked");
    }
    if (chunked) {
      for (int size = chunk(); size > 0; size = chunk()) {
        in.skipNBytes(size + 2L);
      }
      line();
    } else if (length < 0) {
      throw new IOException("an answer without a length: " + status);
    } else if (status.startsWith("HTTP/1.1 200") || status.startsWith("HTTP/1.1 201")) {
      in.skipNBytes(length);
      return;
    } else {
      throw new IOException(
          status + ": " + new String(in.readNBytes((int) length), StandardCharsets.UTF_8));
    }
    if (!status.startsWith("HTTP/1.1 20")) {
      throw new IOException(status);
    }
  }

  private int chunk() throws IOException {
    return Integer.parseInt(line().strip(), 16);
  }

  private String line() throws IOException {
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

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
