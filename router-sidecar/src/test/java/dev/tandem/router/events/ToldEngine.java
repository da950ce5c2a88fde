package dev.tandem.router.events;

import dev.tandem.router.Pods;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.msgpack.core.MessageBufferPacker;
import org.msgpack.core.MessagePack;
import org.zeromq.SocketType;
import org.zeromq.ZMQ;
import org.zeromq.ZMQException;

/** The event side of an engine that publishes, loses and replays what a test tells it to. */
final class ToldEngine implements AutoCloseable {

  private static final byte[] EMPTY = {};

  private final String host;
  private final ZMQ.Context context = ZMQ.context(1);
  private ZMQ.Socket publisher = context.socket(SocketType.XPUB);
  private final List<byte[]> kept = new ArrayList<>();
  private boolean topic = true;
  private volatile boolean breaksOff;
  private volatile boolean closed;
  private Thread server = new Thread(() -> {});
  private long first;
  private long nextHash = 1;

  ToldEngine(String host) {
    this.host = host;
  }

  /** The next replay ends after its first batch, without a word. */
  void breakOffOnce() {
    breaksOff = true;
  }

  void replayWithTopic(boolean with) {
    topic = with;
  }

  /**
   * Connects to the feed and waits for its subscription: what is published from then on is heard.
   * In a fresh process a link was seen to stay without a connection, so one without a subscription
   * is made anew.
   */
  void connect() {
    Pods.eventually(
        "the feed subscribes",
        () -> {
          publisher.close();
          publisher = context.socket(SocketType.XPUB);
          publisher.setLinger(0);
          publisher.setReceiveTimeOut(2_000);
          publisher.connect("tcp://" + host + ":5557");
          return publisher.recv() != null;
        });
  }

  void serveReplay() {
    ZMQ.Socket replay = context.socket(SocketType.ROUTER);
    replay.setLinger(0);
    replay.bind("tcp://" + host + ":5558");
    replay.setReceiveTimeOut(50);
    server =
        new Thread(() -> {
          try {
            while (!closed) {
              byte[] who = replay.recv();
              if (who == null) {
                continue;
              }
              replay.recv();
              long from = ByteBuffer.wrap(replay.recv()).getLong();
              if (breaksOff) {
                breaksOff = false;
                answer(replay, who, from, kept(from));
                continue;
              }
              for (long i = from; i < first + size(); i++) {
                answer(replay, who, i, kept(i));
              }
              answer(replay, who, -1, EMPTY);
            }
          } catch (ZMQException ended) {
            // The context went first.
          } finally {
            replay.close();
          }
        });
    server.start();
  }

  private void answer(ZMQ.Socket replay, byte[] who, long sequence, byte[] payload) {
    replay.sendMore(who);
    replay.sendMore(EMPTY);
    if (topic) {
      replay.sendMore(EMPTY);
    }
    replay.sendMore(number(sequence));
    replay.send(payload);
  }

  private synchronized int size() {
    return kept.size();
  }

  private synchronized byte[] kept(long sequence) {
    return kept.get((int) (sequence - first));
  }

  /** Numbers a batch that stores this prompt and keeps it for replay, without publishing it. */
  void keep(int[] prompt) {
    keepRaw(stored(prompt));
  }

  private synchronized long keepRaw(byte[] payload) {
    kept.add(payload);
    return first + kept.size() - 1;
  }

  void publish(int[] prompt) {
    publishRaw(stored(prompt));
  }

  void publishRaw(byte[] payload) {
    send(EMPTY, number(keepRaw(payload)), payload);
  }

  /** Uses up a number for a batch that nobody will ever see. */
  synchronized void skip() {
    kept.add(EMPTY);
  }

  synchronized void beginAnew() {
    kept.clear();
  }

  void send(byte[]... frames) {
    for (int i = 0; i < frames.length; i++) {
      publisher.send(frames[i], i < frames.length - 1 ? ZMQ.SNDMORE : 0);
    }
  }

  private static byte[] number(long value) {
    return ByteBuffer.allocate(8).putLong(value).array();
  }

  private byte[] stored(int[] prompt) {
    try (MessageBufferPacker packer = MessagePack.newDefaultBufferPacker()) {
      packer.packArrayHeader(2).packDouble(nextHash).packArrayHeader(1).packArrayHeader(5);
      packer.packString("BlockStored");
      packer.packArrayHeader(1).packLong(nextHash++);
      packer.packNil();
      packer.packArrayHeader(prompt.length);
      for (int token : prompt) {
        packer.packInt(token);
      }
      packer.packInt(prompt.length);
      return packer.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    closed = true;
    try {
      server.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    publisher.close();
    context.term();
  }
}
