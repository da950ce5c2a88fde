package dev.tandem.standin.schedule;

import java.util.Comparator;
import java.util.PriorityQueue;

/** Time that passes when the test says so. */
public final class VirtualTime implements Timing {
  private final PriorityQueue<Entry> entries =
      new PriorityQueue<>(Comparator.comparingLong(Entry::at).thenComparingLong(Entry::order));
  private long now = 1_000;
  private long orders;

  private record Entry(long at, long order, Runnable callback) {}

  @Override
  public long nanoTime() {
    return now;
  }

  @Override
  public Timer after(long delayNanos, Runnable callback) {
    Entry entry = new Entry(now + Math.max(0, delayNanos), orders++, callback);
    entries.add(entry);
    return () -> entries.remove(entry);
  }

  /** Runs everything that is due in the next so many milliseconds. */
  public void advanceMillis(double millis) {
    long end = now + Math.round(millis * 1e6);
    while (!entries.isEmpty() && entries.element().at() <= end) {
      Entry entry = entries.remove();
      now = entry.at();
      entry.callback().run();
    }
    now = end;
  }

  /** Callbacks still to come. */
  public int pending() {
    return entries.size();
  }
}
