package dev.tandem.standin.transfer;

import dev.tandem.standin.schedule.Timing;
import dev.tandem.standin.sockets.SocketLoop;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.zeromq.SocketType;
import org.zeromq.ZMQ;

/**
 * A DEALER to another engine's side channel that speaks as REQ does, with several questions under
 * way: a ROUTER answers one client in order. When an answer does not come in time the connection is
 * broken and everything under way fails; the owner opens a new one next time.
 *
 * <p>Threads: the methods and the callbacks on the event loop, the socket on the socket thread.
 */
final class PeerConnection {
  private static final byte[] EMPTY = new byte[0];

  private final SocketLoop sockets;
  private final Executor eventLoop;
  private final Timing timing;
  private final String endpoint;
  private final long timeoutNanos;
  private final Deque<Question> asked = new ArrayDeque<>();
  private boolean broken;
  @Nullable Handshake handshake;

  // socket thread only
  private ZMQ.@Nullable Socket socket;

  /** Receives the frames of the answer, or why there is none. */
  interface Answer {
    void frames(List<byte[]> frames);

    void none(String why);
  }

  private record Question(Answer answer, Timing.Timer timeout) {}

  PeerConnection(
      SocketLoop sockets, Executor eventLoop, Timing timing, String endpoint, long timeoutNanos) {
    this.sockets = sockets;
    this.eventLoop = eventLoop;
    this.timing = timing;
    this.endpoint = endpoint;
    this.timeoutNanos = timeoutNanos;
    sockets.execute(this::open);
  }

  boolean broken() {
    return broken;
  }

  boolean idle() {
    return asked.isEmpty();
  }

  void ask(PeerMessage message, Answer answer) {
    if (broken) {
      answer.none(endpoint + ": connection is broken");
      return;
    }
    asked.addLast(
        new Question(
            answer,
            timing.after(
                timeoutNanos, () -> breakOff("no answer in " + timeoutNanos / 1e9 + " s"))));
    byte[] bytes = message.encode();
    sockets.execute(() -> {
      if (socket != null && !SocketLoop.send(socket, EMPTY, bytes)) {
        eventLoop.execute(() -> breakOff("its queue is full"));
      }
    });
  }

  void breakOff(String why) {
    if (broken) {
      return;
    }
    broken = true;
    sockets.execute(() -> {
      if (socket != null) {
        sockets.close(socket);
        socket = null;
      }
    });
    while (!asked.isEmpty()) {
      Question question = asked.removeFirst();
      question.timeout().cancel();
      question.answer().none(endpoint + ": " + why);
    }
  }

  private void open() {
    ZMQ.Socket opened = sockets.open(SocketType.DEALER);
    try {
      opened.connect(endpoint);
    } catch (RuntimeException e) {
      opened.close();
      eventLoop.execute(() -> breakOff(String.valueOf(e.getMessage())));
      return;
    }
    socket = opened;
    sockets.onMessage(opened, () -> received(opened));
  }

  private void received(ZMQ.Socket from) {
    for (List<byte[]> frames = SocketLoop.receive(from);
        !frames.isEmpty();
        frames = SocketLoop.receive(from)) {
      List<byte[]> body = List.copyOf(frames.subList(1, frames.size()));
      eventLoop.execute(() -> answered(body));
    }
  }

  private void answered(List<byte[]> frames) {
    Question question = asked.pollFirst();
    if (question != null) {
      question.timeout().cancel();
      question.answer().frames(frames);
    }
  }
}
