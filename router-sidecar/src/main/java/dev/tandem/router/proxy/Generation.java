package dev.tandem.router.proxy;

import io.vertx.core.buffer.Buffer;
import java.util.function.LongSupplier;

/**
 * Counts the events of one stream as they pass and times them, which tells how fast the engine
 * generates. Used from the router's event loop.
 */
final class Generation {

  // Besides tokens a stream may have a role, a usage event and its end: they come at once with
  // others, and of hundreds they are too few to matter.
  private final LongSupplier nanos;
  private long events;
  private long firstNanos;
  private long lastNanos;
  private byte before;

  Generation(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /** A chunk passed; events end with an empty line. */
  void chunk(Buffer chunk) {
    long now = nanos.getAsLong();
    for (int i = 0; i < chunk.length(); i++) {
      byte b = chunk.getByte(i);
      if (b == '\n' && before == '\n') {
        event(now);
      }
      before = b == '\r' ? before : b;
    }
  }

  private void event(long now) {
    if (events == 0) {
      firstNanos = now;
    }
    events++;
    lastNanos = now;
  }

  /** Gaps between events. */
  long gaps() {
    return Math.max(0, events - 1);
  }

  /** From the first event to the last. */
  double seconds() {
    return (lastNanos - firstNanos) / 1e9;
  }
}
