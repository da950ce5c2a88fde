package dev.tandem.router.peers;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * What each engine computes now and since when, taking it for first come, first served. Holds what
 * was put in and not taken out. Used from one thread.
 */
final class Queues<T> {

  private final LongSupplier nanos;
  private final Map<String, Queue<T>> engines = new HashMap<>();

  private static final class Queue<T> {
    final Deque<T> waiting = new ArrayDeque<>();
    long headNanos;
  }

  Queues(LongSupplier nanos) {
    this.nanos = nanos;
  }

  void came(String engine, T prompt) {
    Queue<T> queue = engines.computeIfAbsent(engine, name -> new Queue<>());
    if (queue.waiting.isEmpty()) {
      queue.headNanos = nanos.getAsLong();
    }
    queue.waiting.add(prompt);
  }

  /** It is computed, or will not be; if it was first, the next begins now. */
  void left(String engine, T prompt) {
    Queue<T> queue = engines.get(engine);
    if (queue == null) {
      return;
    }
    boolean first = prompt.equals(queue.waiting.peek());
    if (queue.waiting.remove(prompt) && first) {
      queue.headNanos = nanos.getAsLong();
    }
    if (queue.waiting.isEmpty()) {
      engines.remove(engine);
    }
  }

  /** What an engine computes now, of which there must be something. */
  T head(String engine) {
    return queue(engine).waiting.element();
  }

  /** How long it has been at it. */
  double headSeconds(String engine) {
    return (nanos.getAsLong() - queue(engine).headNanos) / 1e9;
  }

  boolean isEmpty(String engine) {
    return !engines.containsKey(engine);
  }

  private Queue<T> queue(String engine) {
    Queue<T> queue = engines.get(engine);
    if (queue == null) {
      throw new IllegalStateException("nothing waits on " + engine);
    }
    return queue;
  }
}
