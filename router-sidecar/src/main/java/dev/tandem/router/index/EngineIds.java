package dev.tandem.router.index;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Small numbers for engine names, reused after an engine is gone, so that a set of engines is a few
 * machine words. At most {@value #MOST} engines; further ones have no number and are not indexed.
 */
final class EngineIds {

  static final int NONE = -1;
  static final int MOST = 1_024;

  private final Map<String, Integer> ids = new HashMap<>();
  private final List<@Nullable String> names = new ArrayList<>();

  /** The engine's number, or {@link #NONE}. */
  int known(String engine) {
    return ids.getOrDefault(engine, NONE);
  }

  /** The engine's number, given now if it has none; {@link #NONE} beyond the bound. */
  int of(String engine) {
    int known = known(engine);
    if (known != NONE) {
      return known;
    }
    int free = names.indexOf(null);
    if (free < 0) {
      if (names.size() == MOST) {
        return NONE;
      }
      free = names.size();
      names.add(null);
    }
    names.set(free, engine);
    ids.put(engine, free);
    return free;
  }

  /** Makes the engine's number free for another. Nothing may be held under it any more. */
  void release(String engine) {
    Integer id = ids.remove(engine);
    if (id != null) {
      names.set(id, null);
    }
  }

  /** One more than the highest number ever in use. */
  int end() {
    return names.size();
  }
}
