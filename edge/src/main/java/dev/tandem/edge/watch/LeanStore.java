package dev.tandem.edge.watch;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Objects as an informer remembers them, cut down to what is read of them later: a Node's image
 * list and a Pod's whole specification are kilobytes to tens of kilobytes, times thousands. What is
 * new is told whole; only what comes out of here is lean. Any thread.
 */
public final class LeanStore<T extends HasMetadata> implements ItemStore<T> {
  private final Map<String, T> items = new ConcurrentHashMap<>();
  private final UnaryOperator<T> lean;

  /** An empty one that keeps what {@code lean} makes of each object; it must be pure. */
  public LeanStore(UnaryOperator<T> lean) {
    this.lean = lean;
  }

  /** Who an object is and how new, of all its metadata. */
  public static ObjectMeta identity(ObjectMeta metadata) {
    ObjectMeta lean = new ObjectMeta();
    lean.setName(metadata.getName());
    lean.setNamespace(metadata.getNamespace());
    lean.setUid(metadata.getUid());
    lean.setResourceVersion(metadata.getResourceVersion());
    return lean;
  }

  @Override
  public String getKey(T item) {
    return Cache.metaNamespaceKeyFunc(item);
  }

  @Override
  public @Nullable T put(String key, T item) {
    return items.put(key, lean.apply(item));
  }

  @Override
  public @Nullable T remove(String key) {
    return items.remove(key);
  }

  @Override
  public Stream<String> keySet() {
    return items.keySet().stream();
  }

  @Override
  public Stream<T> values() {
    return items.values().stream();
  }

  @Override
  public int size() {
    return items.size();
  }

  @Override
  public @Nullable T get(String key) {
    return items.get(key);
  }

  /** False makes the informer tell handlers of the object that came and not of the lean one. */
  @Override
  public boolean isFullState() {
    return false;
  }
}
