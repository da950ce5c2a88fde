package dev.tandem.controller.reconcile;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Keys that wait for one worker, each once, the one due first in front. Full means a new key is not
 * taken: the caller looks at everything again later, so nothing is lost, only late. Any thread.
 *
 * @param <K> a key, with equality
 */
final class WorkQueue<K> {

  /**
   * A key that is due.
   *
   * @param attempts how often it has failed since it last succeeded
   */
  record Item<K>(K key, int attempts) {}

  private record Waiting<K>(K key, int attempts, Instant due, long order) {}

  private final int most;
  private final InstantSource clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Map<K, Waiting<K>> byKey = new HashMap<>();
  private final TreeSet<Waiting<K>> byTime =
      new TreeSet<>(
          Comparator.<Waiting<K>, Instant>comparing(Waiting::due)
              .thenComparingLong(Waiting::order));
  private long order;

  /**
   * An empty one.
   *
   * @param most keys that may wait
   */
  WorkQueue(int most, InstantSource clock) {
    this.most = most;
    this.clock = clock;
  }

  /**
   * Lets a key be done now; one that waits keeps its time, since a failure says more than a hint.
   *
   * @return false where the queue is full
   */
  boolean add(K key) {
    lock.lock();
    try {
      return byKey.containsKey(key) || put(key, 0, clock.instant());
    } finally {
      lock.unlock();
    }
  }

  /**
   * Lets a key that failed be done again after {@code delay}, also where it was added meanwhile.
   *
   * @param attempts how often it has failed by now
   * @return false where the queue is full
   */
  boolean retry(K key, int attempts, Duration delay) {
    lock.lock();
    try {
      Waiting<K> before = byKey.remove(key);
      if (before != null) {
        byTime.remove(before);
      }
      return put(key, attempts, clock.instant().plus(delay));
    } finally {
      lock.unlock();
    }
  }

  /** The key due first, removed; null where none is due. Never waits. */
  @Nullable Item<K> poll() {
    lock.lock();
    try {
      if (byTime.isEmpty() || byTime.first().due().isAfter(clock.instant())) {
        return null;
      }
      Waiting<K> first = byTime.removeFirst();
      byKey.remove(first.key());
      return new Item<>(first.key(), first.attempts());
    } finally {
      lock.unlock();
    }
  }

  /** Waits until a key is due, something is added, or {@code patience} is over. */
  void await(Duration patience) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      Duration wait = patience;
      if (!byTime.isEmpty()) {
        Duration untilDue = Duration.between(clock.instant(), byTime.first().due());
        wait = untilDue.compareTo(wait) < 0 ? untilDue : wait;
      }
      if (wait.isPositive()) {
        changed.await(wait.toNanos(), TimeUnit.NANOSECONDS);
      }
    } finally {
      lock.unlock();
    }
  }

  /** How many keys wait. */
  int size() {
    lock.lock();
    try {
      return byKey.size();
    } finally {
      lock.unlock();
    }
  }

  /** Of a key that does not wait; under the lock. */
  private boolean put(K key, int attempts, Instant due) {
    if (byKey.size() >= most) {
      return false;
    }
    Waiting<K> waiting = new Waiting<>(key, attempts, due, order++);
    byKey.put(key, waiting);
    byTime.add(waiting);
    changed.signal();
    return true;
  }
}
