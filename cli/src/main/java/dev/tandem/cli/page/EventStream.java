package dev.tandem.cli.page;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Hands each event to every subscriber. Publishing never waits: a subscriber that does not keep up
 * loses its oldest events and is told how many, so the worst a slow browser costs is {@link
 * #CAPACITY} events of memory. Safe for use by many threads.
 */
public final class EventStream implements AutoCloseable {

  /** Events kept for one subscriber: some seconds of a busy run. */
  public static final int CAPACITY = 4_096;

  private final List<Subscription> subscriptions = new CopyOnWriteArrayList<>();

  /** Gives the event to every present subscriber. */
  public void publish(PageEvent event) {
    for (Subscription subscription : subscriptions) {
      subscription.offer(event);
    }
  }

  /** Subscribes to the events published from now on, until the subscription is closed. */
  public Subscription subscribe() {
    Subscription subscription = new Subscription();
    subscriptions.add(subscription);
    return subscription;
  }

  /** How many subscriptions are open. */
  public int subscribers() {
    return subscriptions.size();
  }

  /** Closes every subscription. */
  @Override
  public void close() {
    subscriptions.forEach(Subscription::close);
  }

  /** One subscriber's bounded buffer. */
  public final class Subscription implements AutoCloseable {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<PageEvent> buffer = new ArrayDeque<>();
    private long dropped;
    private boolean closed;

    private Subscription() {}

    /**
     * What has come since the last call, oldest first; waits for at most {@code timeout} when there
     * is nothing. An empty batch means that nothing came; null that the subscription is closed.
     */
    public @Nullable Batch next(Duration timeout) throws InterruptedException {
      long nanos = timeout.toNanos();
      lock.lock();
      try {
        while (buffer.isEmpty() && !closed && nanos > 0) {
          nanos = changed.awaitNanos(nanos);
        }
        if (closed) {
          return null;
        }
        Batch batch = new Batch(List.copyOf(buffer), dropped);
        buffer.clear();
        dropped = 0;
        return batch;
      } finally {
        lock.unlock();
      }
    }

    private void offer(PageEvent event) {
      lock.lock();
      try {
        if (buffer.size() == CAPACITY) {
          buffer.removeFirst();
          dropped++;
        }
        buffer.addLast(event);
        changed.signal();
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void close() {
      subscriptions.remove(this);
      lock.lock();
      try {
        closed = true;
        buffer.clear();
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  /**
   * Events for one subscriber.
   *
   * @param dropped how many older ones it lost before these
   */
  public record Batch(List<PageEvent> events, long dropped) {}
}
