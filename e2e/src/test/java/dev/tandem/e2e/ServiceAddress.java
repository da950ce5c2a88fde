package dev.tandem.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One port before several servers, as a Service is: each new connection goes to the next of them,
 * byte by byte, so that TLS is between client and server.
 */
final class ServiceAddress implements AutoCloseable {
  private final ServerSocket listener;
  private final List<Integer> ports = new CopyOnWriteArrayList<>();
  private final AtomicInteger next = new AtomicInteger();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();

  private ServiceAddress(ServerSocket listener) {
    this.listener = listener;
    Thread.ofVirtual().start(this::accept);
  }

  static ServiceAddress open() {
    try {
      return new ServiceAddress(new ServerSocket(0, 256, InetAddress.getLoopbackAddress()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  int port() {
    return listener.getLocalPort();
  }

  /** One more server at this port of 127.0.0.1. */
  void add(int port) {
    ports.add(port);
  }

  private void accept() {
    try {
      while (true) {
        Socket client = listener.accept();
        open.add(client);
        Thread.ofVirtual().start(() -> pass(client));
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  private void pass(Socket client) {
    int turn = Math.floorMod(next.getAndIncrement(), ports.size());
    try (client;
        Socket server = new Socket(InetAddress.getLoopbackAddress(), ports.get(turn))) {
      open.add(server);
      client.setTcpNoDelay(true);
      server.setTcpNoDelay(true);
      Thread back = Thread.ofVirtual().start(() -> copy(server, client));
      copy(client, server);
      back.join();
      open.remove(server);
    } catch (IOException e) {
      // One side has gone; both are closed.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      open.remove(client);
    }
  }

  private static void copy(Socket from, Socket to) {
    try {
      from.getInputStream().transferTo(to.getOutputStream());
      to.shutdownOutput();
    } catch (IOException e) {
      // As above.
    }
  }

  @Override
  public void close() {
    try {
      listener.close();
      for (Socket socket : open) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
