package dev.tandem.standin.events;

import dev.tandem.standin.metrics.EngineMetrics;
import dev.tandem.standin.sockets.SocketLoop;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.zeromq.SocketType;
import org.zeromq.ZMQ;

/**
 * Publishes KV events as vLLM does: PUB messages of {@code topic, sequence (8 bytes, big-endian),
 * payload}, numbered from 0, and a ROUTER that replays what is still buffered.
 *
 * <p>A replay request is one frame with the first sequence wanted (after the empty delimiter of
 * REQ); the answers have the same three frames as live messages, the last one an empty topic,
 * sequence -1 and an empty payload.
 *
 * <p>Threads: {@link #record} and {@link #flush} on the engine's event loop; sockets and buffer on
 * the socket thread. A batch beyond {@code max_queue_size} waiting for that thread is dropped and
 * counted, and leaves a hole in the sequence, so that subscribers can notice.
 */
public final class EventPublisher {
  private static final Logger log = LoggerFactory.getLogger(EventPublisher.class);
  private static final byte[] EMPTY = new byte[0];
  private static final long END_OF_REPLAY = -1;

  private final KvEventsConfig config;
  private final int rank;
  private final SocketLoop loop;
  private final InstantSource clock;
  private final EngineMetrics metrics;
  private final byte[] topic;
  private final List<KvEvent> pending = new ArrayList<>();
  private final AtomicInteger queued = new AtomicInteger();
  private long nextSequence;

  // socket thread only
  private final Deque<Sent> buffer = new ArrayDeque<>();
  private ZMQ.@Nullable Socket publisher;

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Sent(long sequence, byte[] payload) {}

  private EventPublisher(
      KvEventsConfig config,
      int rank,
      SocketLoop loop,
      InstantSource clock,
      EngineMetrics metrics) {
    this.config = config;
    this.rank = rank;
    this.loop = loop;
    this.clock = clock;
    this.metrics = metrics;
    this.topic = config.topic().getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Opens the sockets; blocks until they are bound.
   *
   * @param rank data parallel rank
   * @throws IOException when an endpoint cannot be used; the message names it
   */
  public static EventPublisher open(
      KvEventsConfig config, int rank, SocketLoop loop, InstantSource clock, EngineMetrics metrics)
      throws IOException {
    EventPublisher publisher = new EventPublisher(config, rank, loop, clock, metrics);
    loop.call(() -> {
      publisher.openSockets();
      return true;
    });
    return publisher;
  }

  /**
   * Adds an event to the batch that the next {@link #flush} sends.
   *
   * @return true when it is the first of the batch, so that somebody has to call flush
   */
  public boolean record(KvEvent event) {
    pending.add(event);
    return pending.size() == 1;
  }

  /** Sends what was recorded as one batch, if anything. */
  public void flush() {
    if (pending.isEmpty()) {
      return;
    }
    EventBatch batch = new EventBatch(clock.millis() / 1e3, pending, rank);
    pending.clear();
    long sequence = nextSequence++;
    if (queued.incrementAndGet() > config.maxQueueSize()) {
      queued.decrementAndGet();
      metrics.droppedEventBatch();
      return;
    }
    loop.execute(() -> {
      queued.decrementAndGet();
      publish(new Sent(sequence, batch.encode(config.encoding())));
    });
  }

  private void openSockets() {
    ZMQ.Socket live = loop.open(SocketType.PUB);
    live.setHWM(config.highWaterMark());
    boolean open = config.bind() ? live.bind(config.endpoint()) : live.connect(config.endpoint());
    if (!open) {
      throw new IllegalArgumentException("kv-events-config endpoint " + config.endpoint());
    }
    publisher = live;
    // a PUB socket gets nothing to read; registered so that it is closed with the loop
    loop.onMessage(live, () -> {});
    if (config.replayEndpoint() != null) {
      ZMQ.Socket replay = loop.open(SocketType.ROUTER);
      if (!replay.bind(config.replayEndpoint())) {
        throw new IllegalArgumentException(
            "kv-events-config replay_endpoint " + config.replayEndpoint());
      }
      // the whole buffer goes out in one burst
      replay.setSndHWM(0);
      loop.onMessage(replay, () -> replay(replay));
    }
  }

  private void publish(Sent sent) {
    buffer.addLast(sent);
    while (buffer.size() > config.bufferSteps()) {
      buffer.removeFirst();
    }
    if (publisher != null) {
      SocketLoop.send(publisher, topic, sequence(sent.sequence()), sent.payload());
    }
  }

  private void replay(ZMQ.Socket socket) {
    List<byte[]> frames = SocketLoop.receive(socket);
    if (frames.size() != 3 || frames.get(2).length != Long.BYTES) {
      log.warn(
          "replay request with {} frames ignored: expected identity, empty, 8 bytes",
          frames.size());
      return;
    }
    byte[] identity = frames.get(0);
    long from = ByteBuffer.wrap(frames.get(2)).getLong();
    for (Sent sent : buffer) {
      if (sent.sequence() >= from) {
        SocketLoop.send(socket, identity, EMPTY, topic, sequence(sent.sequence()), sent.payload());
      }
    }
    SocketLoop.send(socket, identity, EMPTY, EMPTY, sequence(END_OF_REPLAY), EMPTY);
  }

  private static byte[] sequence(long value) {
    return ByteBuffer.allocate(Long.BYTES).putLong(value).array();
  }
}
