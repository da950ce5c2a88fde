package dev.tandem.router.peers;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * What this router tells its peers: to each a snapshot, then what is new, gathered for {@value
 * #GATHER_MILLIS} ms, and a sign of life at least every {@value #BEAT_MILLIS} ms. A peer that does
 * not read is cut off once {@value #MOST_UNREAD} bytes wait for it, and starts over with a
 * snapshot. Runs on the router's event loop.
 */
public final class StateLog implements AutoCloseable {

  /** Path of the stream on the peer port. */
  public static final String PATH = "/tandem/v1/state";

  static final int GATHER_MILLIS = 20;
  static final int BEAT_MILLIS = 100;
  static final int MOST_UNREAD = 4 << 20;

  private final Vertx vertx;
  private final Supplier<List<StateEvent>> snapshot;
  private final List<HttpServerResponse> readers = new ArrayList<>();
  private final StringBuilder gathered = new StringBuilder();
  private final long beat;
  private boolean flushing;

  /**
   * Starts the beat.
   *
   * @param snapshot all a new reader must know, beginning with a hello
   */
  public StateLog(Vertx vertx, Supplier<List<StateEvent>> snapshot) {
    this.vertx = vertx;
    this.snapshot = snapshot;
    this.beat = vertx.setPeriodic(BEAT_MILLIS, id -> tell(new StateEvent.Beat()));
  }

  /** Tells every reader, within {@value #GATHER_MILLIS} ms. */
  public void tell(StateEvent event) {
    if (readers.isEmpty()) {
      return;
    }
    gathered.append(StateLine.write(event)).append('\n');
    if (!flushing) {
      flushing = true;
      vertx.setTimer(GATHER_MILLIS, id -> flush());
    }
  }

  /** Answers a request for the stream; it ends with the connection. */
  public void serve(HttpServerResponse response) {
    flush();
    response.putHeader("content-type", "application/x-ndjson").setChunked(true);
    response.setWriteQueueMaxSize(MOST_UNREAD);
    response.closeHandler(gone -> readers.remove(response));
    response.exceptionHandler(gone -> readers.remove(response));
    StringBuilder lines = new StringBuilder();
    snapshot.get().forEach(event -> lines.append(StateLine.write(event)).append('\n'));
    response.write(Buffer.buffer(lines.toString()));
    readers.add(response);
  }

  /** Peers reading now. */
  public int readers() {
    return readers.size();
  }

  private void flush() {
    flushing = false;
    if (gathered.isEmpty()) {
      return;
    }
    Buffer lines = Buffer.buffer(gathered.toString());
    gathered.setLength(0);
    for (HttpServerResponse reader : List.copyOf(readers)) {
      if (reader.writeQueueFull()) {
        readers.remove(reader);
        reader.reset();
      } else {
        reader.write(lines);
      }
    }
  }

  @Override
  public void close() {
    vertx.cancelTimer(beat);
    List.copyOf(readers).forEach(HttpServerResponse::reset);
    readers.clear();
  }
}
