package dev.tandem.edge.watch;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Whether the first list of an informer has been handled and not only stored: fabric8 says synced
 * once its store is filled, and tells handlers on a thread of their own afterwards. Any thread.
 */
public final class FirstList {
  private final Set<String> handled = ConcurrentHashMap.newKeySet();
  private volatile boolean complete;

  /** A handler is done with an object, well or not. */
  public void handled(String key) {
    if (!complete) {
      handled.add(key);
    }
  }

  /**
   * Whether all of these, which a filled store holds, have been handled; once true, always, and
   * then the store is not asked: it copies itself for a list, and every call asks us.
   */
  public <T> boolean covers(Supplier<List<T>> stored, Function<T, String> key) {
    if (!complete && stored.get().stream().map(key).allMatch(handled::contains)) {
      complete = true;
      handled.clear();
    }
    return complete;
  }
}
