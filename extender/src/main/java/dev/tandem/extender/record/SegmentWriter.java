package dev.tandem.extender.record;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes events to segments on one thread of its own.
 *
 * <p>At most {@value #MOST_EVENTS} events wait, and at most {@value #MOST_NAMES} candidate names
 * with them: a call at 5,000 nodes holds about 350 KB of names. The first file that cannot be
 * written ends recording for good, with one ERROR.
 */
final class SegmentWriter implements AutoCloseable {
  static final int MOST_EVENTS = 65_536;
  static final int MOST_NAMES = 500_000;

  private static final Logger log = LoggerFactory.getLogger(SegmentWriter.class);
  private static final Duration PATIENCE_AT_END = Duration.ofSeconds(10);
  private static final long FLUSH_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final ArrayBlockingQueue<Event> queue;
  private final AtomicInteger names = new AtomicInteger();
  private final AtomicLong dropped = new AtomicLong();
  private final AtomicLong written = new AtomicLong();
  private final Ring ring;
  private final int mostEvents;
  private final int mostNames;
  private final Thread thread;
  private volatile boolean full;
  private volatile boolean failed;
  private volatile boolean closing;
  private @Nullable Segment segment;

  /** A writer with a thread and the bounds of its own. */
  SegmentWriter(Ring ring) {
    this(ring, MOST_EVENTS, MOST_NAMES, Thread.ofPlatform().name("recorder").daemon().factory());
  }

  /**
   * A writer with other bounds.
   *
   * @param mostEvents bound of the queue
   * @param mostNames bound of the candidate names in it
   * @param threads makes the one thread that writes
   */
  SegmentWriter(Ring ring, int mostEvents, int mostNames, ThreadFactory threads) {
    this.ring = ring;
    this.mostEvents = mostEvents;
    this.mostNames = mostNames;
    this.queue = new ArrayBlockingQueue<>(mostEvents);
    this.thread = threads.newThread(this::run);
    thread.start();
  }

  /** Whether the event found room. */
  boolean offer(Event event) {
    if (failed) {
      return false;
    }
    int weight = weight(event);
    if (weight > 0 && names.addAndGet(weight) > mostNames) {
      names.addAndGet(-weight);
      drop();
      return false;
    }
    if (!queue.offer(event)) {
      names.addAndGet(-weight);
      drop();
      return false;
    }
    if (event instanceof Event.Start) {
      full = false;
    }
    return true;
  }

  /** Whether a new beginning would find room, and some of what follows. */
  boolean roomy() {
    return queue.size() < mostEvents / 2 && names.get() < mostNames / 2;
  }

  /** Whether the segment is as large as one should be. */
  boolean full() {
    return full;
  }

  boolean failed() {
    return failed;
  }

  /** Counts something that is not offered. */
  void drop() {
    if (!failed) {
      dropped.incrementAndGet();
    }
  }

  long dropped() {
    return dropped.get();
  }

  long written() {
    return written.get();
  }

  @Override
  public void close() {
    closing = true;
    try {
      thread.join(PATIENCE_AT_END);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static int weight(Event event) {
    return event instanceof Event.Call call ? call.nodes() : 0;
  }

  private void run() {
    try {
      long flushed = System.nanoTime();
      while (!(closing && queue.isEmpty())) {
        Event event = queue.poll(200, TimeUnit.MILLISECONDS);
        if (event != null) {
          names.addAndGet(-weight(event));
          write(event);
        }
        if (System.nanoTime() - flushed > FLUSH_NANOS) {
          flush();
          flushed = System.nanoTime();
        }
      }
      finish();
    } catch (IOException | RuntimeException e) {
      fail(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void write(Event event) throws IOException {
    if (event instanceof Event.Start) {
      finish();
      segment = ring.open();
    }
    Segment open = segment;
    if (open == null) {
      throw new IllegalStateException("a recording begins with a snapshot");
    }
    open.write(event);
    if (event instanceof Event.Call) {
      written.incrementAndGet();
    }
  }

  private void flush() throws IOException {
    Segment open = segment;
    if (open != null) {
      open.flush();
      ring.trim();
      full |= open.bytes() > ring.segmentBytes(open.snapshotBytes());
    }
  }

  private void finish() throws IOException {
    Segment open = segment;
    segment = null;
    if (open != null) {
      open.close();
      ring.trim();
    }
  }

  private void fail(Exception problem) {
    failed = true;
    queue.clear();
    log.error(
        "recording to {} has stopped: {}; decisions go on without it. Make room or choose another"
            + " folder with --record, and start again to record again",
        ring.folder(),
        problem.toString());
    log.debug("recording stopped", problem);
    Segment open = segment;
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        log.debug("closing the last segment", e);
      }
    }
  }
}
