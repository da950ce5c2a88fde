package dev.tandem.standin.transfer;

import dev.tandem.standin.sockets.SocketLoop;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.msgpack.core.MessageBufferPacker;
import org.msgpack.core.MessagePack;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.zeromq.SocketType;
import org.zeromq.ZMQ;

/**
 * The listening end of the NIXL side channel: a ZMQ ROUTER that answers REQ clients.
 *
 * <p>Threads: the socket lives on the socket thread, where handshakes are answered. Questions about
 * leases hop to the engine's event loop, which owns them, and their answers hop back.
 */
public final class SideChannel {
  private static final Logger log = LoggerFactory.getLogger(SideChannel.class);
  private static final byte[] EMPTY = new byte[0];

  private final SocketLoop sockets;
  private final Executor eventLoop;
  private final Leases leases;
  private final Supplier<Handshake> self;

  private SideChannel(
      SocketLoop sockets, Executor eventLoop, Leases leases, Supplier<Handshake> self) {
    this.sockets = sockets;
    this.eventLoop = eventLoop;
    this.leases = leases;
    this.self = self;
  }

  /**
   * Binds the side channel; blocks until it is bound.
   *
   * @param host address to listen on
   * @param port 0 for any free one
   * @return the port
   * @throws IOException when it cannot be bound; the message names the address
   */
  public static int open(
      SocketLoop sockets,
      Executor eventLoop,
      Leases leases,
      EngineIdentity identity,
      String host,
      int port)
      throws IOException {
    SideChannel channel = new SideChannel(sockets, eventLoop, leases, identity::handshake);
    return sockets.call(() -> channel.bind(host, port));
  }

  private int bind(String host, int port) throws IOException {
    ZMQ.Socket socket = sockets.open(SocketType.ROUTER);
    String endpoint = Address.tcp(host, port == 0 ? "*" : Integer.toString(port));
    try {
      if (!socket.bind(endpoint)) {
        throw new IOException("NIXL side channel " + endpoint + " cannot be bound");
      }
    } catch (RuntimeException e) {
      socket.close();
      throw new IOException("NIXL side channel " + endpoint + ": " + e.getMessage(), e);
    }
    sockets.onMessage(socket, () -> serve(socket));
    String bound = socket.getLastEndpoint();
    return Integer.parseInt(bound.substring(bound.lastIndexOf(':') + 1));
  }

  private void serve(ZMQ.Socket socket) {
    List<byte[]> frames = SocketLoop.receive(socket);
    if (frames.size() != 3 || frames.get(1).length != 0) {
      log.warn("side channel message of {} frames ignored", frames.size());
      return;
    }
    byte[] identity = frames.get(0);
    PeerMessage message;
    try {
      message = PeerMessage.decode(frames.get(2));
    } catch (IOException e) {
      log.warn("side channel message ignored: {}", e.getMessage());
      return;
    }
    switch (message) {
      case PeerMessage.GetMeta _ ->
          SocketLoop.send(socket, identity, EMPTY, self.get().encode(), clockStamp());
      case PeerMessage.BeginRead(String engineId, String requestId) ->
          answer(socket, identity, () -> leases.beginRead(engineId, requestId));
      case PeerMessage.ReadDone(String engineId, String requestId) ->
          answer(socket, identity, () -> leases.readDone(engineId, requestId));
      case PeerMessage.Heartbeat(String engineId, String requestId) ->
          answer(socket, identity, () -> leases.heartbeat(engineId, requestId));
    }
  }

  private void answer(ZMQ.Socket socket, byte[] identity, Supplier<PeerReply> question) {
    eventLoop.execute(() -> {
      byte[] reply = question.get().encode();
      sockets.execute(() -> SocketLoop.send(socket, identity, EMPTY, reply));
    });
  }

  /** Monotonic seconds of this process, as a double: vLLM sends its perf_counter. */
  private static byte[] clockStamp() {
    try (MessageBufferPacker packer = MessagePack.newDefaultBufferPacker()) {
      packer.packDouble(System.nanoTime() / 1e9);
      return packer.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // a buffer does not fail
    }
  }
}
