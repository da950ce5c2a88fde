package dev.tandem.router.choose;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Requests that wait for an engine: the highest priority first, tenants of one priority in turn,
 * and a tenant's own in the order they came. Bounded by entries and bytes; at the bound a newcomer
 * takes the place of the newest of a lower priority, or is refused. Used from one thread.
 *
 * @param <T> what waits
 */
public final class WaitQueue<T> {

  private final int mostEntries;
  private final long mostBytes;
  private final TreeMap<Integer, SequencedMap<String, SequencedSet<Entry<T>>>> bands =
      new TreeMap<>(Collections.reverseOrder());
  private int entries;
  private long bytes;

  /**
   * One that waits; equal only to itself.
   *
   * @param <T> what waits
   */
  public static final class Entry<T> {
    private final T item;
    private final int priority;
    private final String tenant;
    private final long bytes;

    private Entry(T item, int priority, String tenant, long bytes) {
      this.item = item;
      this.priority = priority;
      this.tenant = tenant;
      this.bytes = bytes;
    }

    public T item() {
      return item;
    }
  }

  /**
   * What became of an offer.
   *
   * @param entry the place taken, or null when refused
   * @param evicted who had to go for it
   * @param <T> what waits
   */
  public record Offer<T>(@Nullable Entry<T> entry, List<T> evicted) {
    public Offer {
      evicted = List.copyOf(evicted);
    }
  }

  /**
   * An empty queue.
   *
   * @param mostEntries 0 for a queue that takes nothing
   * @param mostBytes bytes of all bodies together
   */
  public WaitQueue(int mostEntries, long mostBytes) {
    if (mostEntries < 0 || mostBytes < 0) {
      throw new IllegalArgumentException(
          "entries " + mostEntries + ", bytes " + mostBytes + "; accepted: 0 or more");
    }
    this.mostEntries = mostEntries;
    this.mostBytes = mostBytes;
  }

  /** Takes a request in, or refuses it. */
  public Offer<T> offer(T item, int priority, String tenant, long size) {
    if (mostEntries == 0 || size > mostBytes || !room(priority, size)) {
      return new Offer<>(null, List.of());
    }
    List<T> evicted = new ArrayList<>();
    while (entries >= mostEntries || bytes + size > mostBytes) {
      evicted.add(evict());
    }
    Entry<T> entry = new Entry<>(item, priority, tenant, size);
    bands
        .computeIfAbsent(priority, p -> new LinkedHashMap<>())
        .computeIfAbsent(tenant, t -> new LinkedHashSet<>())
        .addLast(entry);
    entries++;
    bytes += size;
    return new Offer<>(entry, evicted);
  }

  /** The next one, which leaves the queue; its tenant's next turn is the last. Null when empty. */
  public @Nullable Entry<T> poll() {
    if (bands.isEmpty()) {
      return null;
    }
    SequencedMap<String, SequencedSet<Entry<T>>> band = bands.firstEntry().getValue();
    String tenant = band.firstEntry().getKey();
    SequencedSet<Entry<T>> own = band.firstEntry().getValue();
    Entry<T> entry = own.getFirst();
    remove(entry);
    if (!own.isEmpty()) {
      band.putLast(tenant, own);
    }
    return entry;
  }

  /** Puts back what {@link #poll} gave, in front. Of several, the last polled goes back first. */
  public void putBack(Entry<T> entry) {
    bands
        .computeIfAbsent(entry.priority, p -> new LinkedHashMap<>())
        .compute(entry.tenant, (tenant, own) -> own == null ? new LinkedHashSet<>() : own)
        .addFirst(entry);
    SequencedMap<String, SequencedSet<Entry<T>>> band = bands.get(entry.priority);
    band.putFirst(entry.tenant, band.get(entry.tenant));
    entries++;
    bytes += entry.bytes;
  }

  /** Takes one out wherever it is; false when it was not there. */
  public boolean remove(Entry<T> entry) {
    SequencedMap<String, SequencedSet<Entry<T>>> band = bands.get(entry.priority);
    SequencedSet<Entry<T>> own = band == null ? null : band.get(entry.tenant);
    if (band == null || own == null || !own.remove(entry)) {
      return false;
    }
    if (own.isEmpty()) {
      band.remove(entry.tenant);
      if (band.isEmpty()) {
        bands.remove(entry.priority);
      }
    }
    entries--;
    bytes -= entry.bytes;
    return true;
  }

  /** How many of this priority or a higher one wait: a newcomer of it would go after them. */
  public int before(int priority) {
    int count = 0;
    for (SequencedMap<String, SequencedSet<Entry<T>>> band :
        bands.headMap(priority, true).values()) {
      for (SequencedSet<Entry<T>> own : band.values()) {
        count += own.size();
      }
    }
    return count;
  }

  public int entries() {
    return entries;
  }

  public long bytes() {
    return bytes;
  }

  /** Whether there is room for so many bytes, if need be in place of lower priorities. */
  private boolean room(int priority, long size) {
    int entriesLeft = entries;
    long bytesLeft = bytes;
    for (SequencedMap<String, SequencedSet<Entry<T>>> band :
        bands.tailMap(priority, false).values()) {
      for (SequencedSet<Entry<T>> own : band.values()) {
        entriesLeft -= own.size();
        for (Entry<T> entry : own) {
          bytesLeft -= entry.bytes;
        }
      }
    }
    return entriesLeft < mostEntries && bytesLeft + size <= mostBytes;
  }

  /** The newest of the tenant with most, of the lowest priority. */
  private T evict() {
    SequencedSet<Entry<T>> most = new LinkedHashSet<>();
    for (SequencedSet<Entry<T>> own : bands.lastEntry().getValue().values()) {
      most = own.size() > most.size() ? own : most;
    }
    Entry<T> newest = most.getLast();
    remove(newest);
    return newest.item;
  }
}
