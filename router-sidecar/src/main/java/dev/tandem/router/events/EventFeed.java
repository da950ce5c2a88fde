package dev.tandem.router.events;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.zeromq.SocketType;
import org.zeromq.ZMQ;
import org.zeromq.ZMQException;

/**
 * Hears one engine's events over ZMQ, on a thread of its own: listens where the engine publishes,
 * asks for a replay of what it missed, and begins anew with an engine that begins anew.
 *
 * <p>A link may be silent without being broken, and was seen to stay without a connection in a
 * fresh process. So when the engine is known to have worked and nothing came, the feed first asks
 * for a replay; if that brings what should have come, or no answer, the sockets are made anew, at
 * most {@value #MOST_REOPENED} times in a row, each time after twice the patience. From then on
 * replays alone tell, once every {@value #LONGEST_WAIT_SECONDS} seconds, until something comes by
 * itself.
 */
public final class EventFeed implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(EventFeed.class);

  static final int MOST_REOPENED = 5;
  static final int LONGEST_WAIT_SECONDS = 60;

  private static final int REPLAY_TRIES = 3;
  private static final int TICK_MILLIS = 200;
  private static final int MOST_MESSAGE = 64 << 20;
  private static final int MOST_REPLAYED = 100_000;
  private static final long END_OF_REPLAY = -1;
  private static final byte[] EMPTY = {};

  private final Endpoints endpoints;
  private final BlockTranslator blocks;
  private final EventCounts counts;
  private final EventOrder order = new EventOrder();
  private final Thread thread;
  private volatile boolean closed;
  private volatile boolean worked;
  private volatile boolean restarted;

  // Of the feed's thread.
  private ZMQ.@Nullable Context context;
  private ZMQ.@Nullable Socket live;
  private boolean speaks;
  private boolean caughtUp;
  private int reopened;
  private long heardNanos = System.nanoTime();
  private long askAgainNanos = System.nanoTime();

  private EventFeed(Endpoints endpoints, BlockTranslator blocks, EventCounts counts) {
    this.endpoints = endpoints;
    this.blocks = blocks;
    this.counts = counts;
    this.thread = new Thread(null, this::run, "kv-events", 256 << 10);
    thread.setDaemon(true);
  }

  /** Starts listening. What is heard goes to the translator, on the feed's thread. */
  public static EventFeed start(Endpoints endpoints, BlockTranslator blocks, EventCounts counts) {
    EventFeed feed = new EventFeed(endpoints, blocks, counts);
    feed.thread.start();
    return feed;
  }

  /** The engine is known to have computed something since the last call: events should come. */
  public void engineWorked() {
    worked = true;
  }

  /** The engine is known to have restarted: what it told is void. */
  public void engineRestarted() {
    restarted = true;
  }

  private void run() {
    context = SharedContext.acquire();
    try {
      while (!closed) {
        try {
          listen();
        } catch (ZMQException e) {
          LOG.warn("KV events on {}: {}", endpoints.live(), e.getMessage());
          pause(1_000);
        }
      }
    } finally {
      closeLive();
      SharedContext.release();
    }
  }

  /** Hears until the link has to be made anew. */
  private void listen() {
    ZMQ.Socket socket = open();
    if (socket == null) {
      return;
    }
    boolean silent = false;
    while (!closed && !silent) {
      List<byte[]> frames = receive(socket, TICK_MILLIS);
      if (!frames.isEmpty()) {
        reopened = 0;
        heardNanos = System.nanoTime();
        worked = false;
        live(frames);
      }
      if (restarted) {
        restarted = false;
        counts.restart();
        begin();
        order.restart();
        askAgainNanos = System.nanoTime();
        speaks = false;
        caughtUp = false;
      }
      if (!caughtUp && System.nanoTime() - askAgainNanos >= 0) {
        // Whoever starts beside a running engine learns what it holds without waiting for news, and
        // all of it, though an answer breaks off.
        askAgainNanos = System.nanoTime() + 2 * endpoints.answer().toNanos();
        replay();
      }
      silent = worked && overdue() && !explained();
    }
    closeLive();
  }

  private boolean overdue() {
    long patience = endpoints.silence().toNanos() << Math.min(reopened, 10);
    long longest = TimeUnit.SECONDS.toNanos(LONGEST_WAIT_SECONDS);
    return System.nanoTime() - heardNanos > Math.min(patience, longest);
  }

  /** Whether a replay shows that there was nothing to hear. */
  private boolean explained() {
    worked = false;
    long before = order.next();
    boolean answered = replay();
    heardNanos = System.nanoTime();
    if (answered && order.next() == before) {
      return true;
    }
    worked = !answered; // what it worked on is still to be heard
    if (reopened >= MOST_REOPENED) {
      return true;
    }
    reopened++;
    counts.reopen();
    LOG.warn("no KV events on {} from an engine that works: listening anew", endpoints.live());
    return false;
  }

  private ZMQ.@Nullable Socket open() {
    ZMQ.Context shared = context;
    if (shared == null) {
      return null;
    }
    ZMQ.Socket socket = shared.socket(SocketType.SUB);
    socket.setLinger(0);
    socket.setMaxMsgSize(MOST_MESSAGE);
    socket.subscribe(EMPTY);
    live = socket;
    // A socket that was closed gives its port back a little later.
    for (int tries = 0; tries < 40 && !closed; tries++) {
      try {
        if (socket.bind(endpoints.live())) {
          return socket;
        }
      } catch (ZMQException inUse) {
        LOG.debug("KV events: {}: {}", endpoints.live(), inUse.getMessage());
      }
      pause(50);
    }
    closeLive();
    if (!closed) {
      LOG.warn("KV events: cannot listen on {}; trying again", endpoints.live());
      pause(5_000);
    }
    return null;
  }

  private void live(List<byte[]> frames) {
    if (frames.size() != 3 || frames.get(1).length != Long.BYTES) {
      counts.unreadable();
      return;
    }
    long sequence = ByteBuffer.wrap(frames.get(1)).getLong();
    if (sequence < 0) {
      counts.unreadable();
      return;
    }
    EventBatch batch = read(frames.get(2));
    EventOrder.Verdict verdict = order.live(sequence, batch.timestampSeconds());
    if (verdict == EventOrder.Verdict.RESTART) {
      counts.restart();
      begin();
      verdict = order.live(sequence, batch.timestampSeconds());
    }
    switch (verdict) {
      case APPLY -> apply(batch);
      case SKIP -> counts.duplicate();
      case REPLAY -> {
        replayPatiently();
        applyOnce(sequence, batch);
      }
      case RESTART -> throw new IllegalStateException("an engine began anew twice at " + sequence);
    }
    caughtUp = true;
  }

  /** A batch that cannot be read has its number all the same, and nothing else. */
  private EventBatch read(byte[] payload) {
    try {
      return EventBatchReader.read(payload);
    } catch (IOException e) {
      counts.unreadable();
      LOG.debug("KV events: {}", e.getMessage());
      return new EventBatch(Double.NEGATIVE_INFINITY, List.of(), 0);
    }
  }

  private void applyOnce(long sequence, EventBatch batch) {
    long missing = sequence - order.next();
    if (order.replayed(sequence, batch.timestampSeconds())) {
      counts.lost(Math.max(0, missing));
      apply(batch);
    } else {
      counts.duplicate();
    }
  }

  private void apply(EventBatch batch) {
    if (!speaks) {
      begin();
    }
    blocks.apply(batch);
    counts.batch();
  }

  private void begin() {
    speaks = true;
    blocks.start();
  }

  /** Asks for what is missing, on a new link when one stays silent. */
  private boolean replayPatiently() {
    for (int i = 0; i < REPLAY_TRIES && !closed; i++) {
      if (replay()) {
        return true;
      }
    }
    return false;
  }

  /** Asks for all batches from the next one on; true when the answer came to its end. */
  private boolean replay() {
    boolean answered = answeredReplay();
    if (answered) {
      counts.replay();
      caughtUp = true;
      if (!speaks) {
        begin();
      }
    } else {
      counts.unanswered();
    }
    return answered;
  }

  private boolean answeredReplay() {
    ZMQ.Context shared = context;
    if (shared == null) {
      return false;
    }
    ZMQ.Socket socket = shared.socket(SocketType.DEALER);
    try {
      socket.setLinger(0);
      socket.setRcvHWM(0);
      socket.setMaxMsgSize(MOST_MESSAGE);
      if (!socket.connect(endpoints.replay())) {
        return false;
      }
      socket.sendMore(EMPTY);
      socket.send(ByteBuffer.allocate(Long.BYTES).putLong(order.next()).array());
      for (int i = 0; i < MOST_REPLAYED && !closed; i++) {
        List<byte[]> frames = receive(socket, (int) endpoints.answer().toMillis());
        if (frames.isEmpty()) {
          return false;
        }
        if (replayed(frames)) {
          return true;
        }
      }
      return false;
    } finally {
      socket.close();
    }
  }

  /** Takes one answer; true when it was the last. Since 2026-07-07 answers have a topic. */
  private boolean replayed(List<byte[]> frames) {
    int size = frames.size();
    boolean delimited = size >= 3 && frames.getFirst().length == 0;
    int rest = delimited ? size - 1 : size;
    if (rest < 2 || rest > 3 || frames.get(size - 2).length != Long.BYTES) {
      counts.unreadable();
      return false;
    }
    long sequence = ByteBuffer.wrap(frames.get(size - 2)).getLong();
    if (sequence == END_OF_REPLAY) {
      return true;
    }
    if (sequence < 0) {
      counts.unreadable();
      return false;
    }
    applyOnce(sequence, read(frames.get(size - 1)));
    return false;
  }

  /** A whole message, or nothing within this time. */
  private List<byte[]> receive(ZMQ.Socket socket, int millis) {
    List<byte[]> frames = new ArrayList<>(4);
    socket.setReceiveTimeOut(millis);
    byte[] frame = socket.recv();
    while (frame != null) {
      frames.add(frame);
      if (!socket.hasReceiveMore()) {
        return frames;
      }
      frame = socket.recv();
    }
    return List.of();
  }

  private void closeLive() {
    if (live != null) {
      live.close();
      live = null;
    }
  }

  private void pause(int millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      closed = true;
    }
  }

  /** Stops listening; the thread ends within a second. Does not block. */
  @Override
  public void close() {
    closed = true;
  }

  /** Waits for the thread to end; false when it did not. */
  boolean awaitClosed(int millis) throws InterruptedException {
    thread.join(millis);
    return !thread.isAlive();
  }
}
