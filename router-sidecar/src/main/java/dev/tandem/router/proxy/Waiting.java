package dev.tandem.router.proxy;

import dev.tandem.router.Routing;
import dev.tandem.router.choose.WaitQueue;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Requests that wait because every engine is full. They are tried again whenever a request of this
 * router ends, and every {@value #TRY_MILLIS} ms, since those of other routers end too. Runs on the
 * router's event loop.
 */
final class Waiting {

  private static final long TRY_MILLIS = 20;

  /** Heads of the queue tried at once: behind one whose model is full others may go. */
  private static final int MOST_TRIED = 16;

  private final Vertx vertx;
  private final WaitQueue<Waiter> queue;
  private final RouterMetrics metrics;
  private final Departures departures = new Departures();
  private long timer = -1;
  private boolean trying;

  /** Who waits. */
  interface Waiter {
    Ask ask();

    /** Bytes it holds while it waits. */
    long bytes();

    /** Goes on if an engine is free for it; false to go on waiting. */
    boolean tryNow();

    /** Will not be served. */
    void dropped(Dropped why);
  }

  /** A place in the queue. */
  final class Place {
    private final WaitQueue.Entry<Waiter> entry;
    private final long since = System.nanoTime();
    private final long deadline;

    private Place(WaitQueue.Entry<Waiter> entry) {
      this.entry = entry;
      this.deadline =
          vertx.setTimer(Math.max(1, entry.item().ask().patience().toMillis()), id -> expired());
    }

    private void expired() {
      if (queue.remove(entry)) {
        entry.item().dropped(Dropped.TTL_EXPIRED);
      }
    }

    /** Gives the place up, for whatever reason. */
    void leave() {
      vertx.cancelTimer(deadline);
      queue.remove(entry);
      metrics.waited(System.nanoTime() - since);
    }
  }

  Waiting(Vertx vertx, Routing.Queue bounds, RouterMetrics metrics) {
    this.vertx = vertx;
    this.queue = new WaitQueue<>(bounds.entries(), bounds.bytes());
    this.metrics = metrics;
  }

  /** A place for one that found no free engine; null when there is none. */
  @Nullable Place admit(Waiter waiter) {
    Ask ask = waiter.ask();
    if (!ask.waits()) {
      return null;
    }
    WaitQueue.Offer<Waiter> offer =
        queue.offer(waiter, ask.priority(), ask.tenant(), waiter.bytes());
    offer.evicted().forEach(evicted -> evicted.dropped(Dropped.EVICTED_PRIORITY));
    if (offer.entry() == null) {
      return null;
    }
    Place place = new Place(offer.entry());
    keepTrying();
    return place;
  }

  /** A request of this router ended: there may be room for one that waits. */
  void ended() {
    departures.ended(System.nanoTime());
    tryNext();
  }

  /**
   * Seconds until one that comes now would have its turn: behind all that wait and go before it, as
   * fast as this router's requests end; and not before an engine is predicted to be free.
   *
   * @param predicted seconds until the first of the full engines has computed its prompts
   */
  double seconds(int priority, double predicted) {
    int turn = queue.before(priority) + 1;
    return Math.max(predicted, departures.seconds(turn, System.nanoTime()));
  }

  /** An engine may have become free. */
  void tryNext() {
    if (trying || queue.entries() == 0) {
      return;
    }
    trying = true;
    List<WaitQueue.Entry<Waiter>> stay = new ArrayList<>();
    try {
      WaitQueue.Entry<Waiter> next = queue.poll();
      while (next != null) {
        if (!next.item().tryNow()) {
          stay.add(next);
        }
        next = stay.size() < MOST_TRIED ? queue.poll() : null;
      }
    } finally {
      stay.reversed().forEach(queue::putBack);
      trying = false;
    }
  }

  /** Nobody will be served any more. */
  void close() {
    vertx.cancelTimer(timer);
    WaitQueue.Entry<Waiter> next = queue.poll();
    while (next != null) {
      next.item().dropped(Dropped.SHUTTING_DOWN);
      next = queue.poll();
    }
  }

  int entries() {
    return queue.entries();
  }

  long bytes() {
    return queue.bytes();
  }

  private void keepTrying() {
    if (timer < 0) {
      timer =
          vertx.setTimer(
              TRY_MILLIS,
              id -> {
                timer = -1;
                tryNext();
                if (queue.entries() > 0) {
                  keepTrying();
                }
              });
    }
  }
}
