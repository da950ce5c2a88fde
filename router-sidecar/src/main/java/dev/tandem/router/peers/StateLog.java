package dev.tandem.router.peers;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What this router tells its peers: to each a snapshot, then what is new, gathered for {@value
 * #GATHER_MILLIS} ms, and a sign of life when nothing was said for {@value #BEAT_MILLIS} ms.
 *
 * <p>Lines are numbered, signs of life are not. The last {@value #MOST_KEPT} bytes of lines are
 * kept, so that a peer whose connection broke goes on where it was; one that comes too late starts
 * over with a snapshot. A peer that does not read is cut off once {@value #MOST_UNREAD} bytes wait
 * for it. Runs on the router's event loop.
 */
public final class StateLog implements AutoCloseable {

  /** Path of the stream on the peer port. */
  public static final String PATH = "/tandem/v1/state";

  /** Query parameters by which a reader says what it has. */
  static final String EPOCH = "epoch";

  static final String NEXT = "next";

  static final int GATHER_MILLIS = 20;
  static final int BEAT_MILLIS = 100;
  static final int MOST_UNREAD = 4 << 20;
  static final int MOST_KEPT = 1 << 20;

  private static final int BEAT_TICKS = 4;
  private static final Buffer BEAT = Buffer.buffer(StateLine.write(new StateEvent.Beat()) + "\n");

  private final Vertx vertx;
  private final String pod;
  private final String epoch;
  private final Supplier<List<StateEvent>> snapshot;
  private final List<HttpServerResponse> readers = new ArrayList<>();
  private final StringBuilder gathered = new StringBuilder();
  private int gatheredLines;
  private final Deque<Sent> kept = new ArrayDeque<>();
  private int keptBytes;

  /** Number of the next line to be sent. */
  private long next;

  private final long beat;
  private boolean flushing;
  private int quietTicks;
  private boolean everRead;
  private long sentBytes;

  private record Sent(long first, int lines, Buffer text) {}

  /**
   * Starts the beat.
   *
   * @param pod the own name
   * @param epoch another one after every start
   * @param snapshot all a new reader must know
   */
  public StateLog(Vertx vertx, String pod, String epoch, Supplier<List<StateEvent>> snapshot) {
    this.vertx = vertx;
    this.pod = pod;
    this.epoch = epoch;
    this.snapshot = snapshot;
    this.beat = vertx.setPeriodic(BEAT_MILLIS / BEAT_TICKS, id -> beat());
  }

  /** Tells every reader, within {@value #GATHER_MILLIS} ms. */
  public void tell(StateEvent event) {
    if (!everRead) {
      return;
    }
    gathered.append(StateLine.write(event)).append('\n');
    gatheredLines++;
    if (!flushing) {
      flushing = true;
      vertx.setTimer(GATHER_MILLIS, id -> flush());
    }
  }

  /**
   * Answers a request for the stream; it ends with the connection.
   *
   * @param readerEpoch the epoch of what the reader has, or null when it has nothing
   * @param readerNext the number of the line it wants next
   */
  public void serve(
      HttpServerResponse response, @Nullable String readerEpoch, @Nullable String readerNext) {
    flush();
    everRead = true;
    response.putHeader("content-type", "application/x-ndjson").setChunked(true);
    response.setWriteQueueMaxSize(MOST_UNREAD);
    response.closeHandler(gone -> readers.remove(response));
    response.exceptionHandler(gone -> readers.remove(response));
    Buffer first = epoch.equals(readerEpoch) ? missed(readerNext) : null;
    send(response, first == null ? snapshot() : first);
    readers.add(response);
  }

  /** Peers reading now. */
  public int readers() {
    return readers.size();
  }

  /** Bytes sent to all readers since the start. */
  public long sentBytes() {
    return sentBytes;
  }

  private Buffer snapshot() {
    List<StateEvent> events = snapshot.get();
    StringBuilder lines = new StringBuilder();
    lines
        .append(StateLine.write(new StateEvent.Hello(pod, epoch, next, events.size(), false)))
        .append('\n');
    events.forEach(event -> lines.append(StateLine.write(event)).append('\n'));
    return Buffer.buffer(lines.toString());
  }

  /** What a reader has not had, or null when that is no longer, or not yet, known here. */
  private @Nullable Buffer missed(@Nullable String readerNext) {
    long from;
    try {
      from = Long.parseLong(String.valueOf(readerNext));
    } catch (NumberFormatException e) {
      return null;
    }
    if (from > next || from < next && (kept.isEmpty() || from < kept.getFirst().first())) {
      return null;
    }
    Buffer lines =
        Buffer.buffer(StateLine.write(new StateEvent.Hello(pod, epoch, from, 0, true)) + "\n");
    for (Sent sent : kept) {
      if (sent.first() + sent.lines() > from) {
        lines.appendBuffer(behind(sent, from));
      }
    }
    return lines;
  }

  private static Buffer behind(Sent sent, long from) {
    int at = 0;
    for (long skip = from - sent.first(); skip > 0; skip--) {
      while (sent.text().getByte(at) != '\n') {
        at++;
      }
      at++;
    }
    return at == 0 ? sent.text() : sent.text().getBuffer(at, sent.text().length());
  }

  private void beat() {
    quietTicks++;
    if (quietTicks >= BEAT_TICKS) {
      quietTicks = 0;
      readers.forEach(reader -> send(reader, BEAT));
    }
  }

  private void flush() {
    flushing = false;
    if (gathered.isEmpty()) {
      return;
    }
    Buffer lines = Buffer.buffer(gathered.toString());
    keep(new Sent(next, gatheredLines, lines));
    next += gatheredLines;
    gathered.setLength(0);
    gatheredLines = 0;
    quietTicks = 0;
    for (HttpServerResponse reader : List.copyOf(readers)) {
      if (reader.writeQueueFull()) {
        readers.remove(reader);
        reader.reset();
      } else {
        send(reader, lines);
      }
    }
  }

  private void send(HttpServerResponse reader, Buffer lines) {
    sentBytes += lines.length();
    reader.write(lines);
  }

  private void keep(Sent sent) {
    kept.addLast(sent);
    keptBytes += sent.text().length();
    while (keptBytes > MOST_KEPT && !kept.isEmpty()) {
      keptBytes -= kept.removeFirst().text().length();
    }
  }

  @Override
  public void close() {
    vertx.cancelTimer(beat);
    List.copyOf(readers).forEach(HttpServerResponse::reset);
    readers.clear();
  }
}
