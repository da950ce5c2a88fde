package dev.tandem.router.peers;

import dev.tandem.router.index.PrefixIndex;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was routed and is not over: an engine that tells of its cache tells of these blocks only
 * once they are computed. At most {@value #MOST_BLOCKS} blocks; a prompt beyond that counts only
 * once its engine tells. Used from one thread.
 */
final class Promises {

  static final int MOST_BLOCKS = 1 << 20;

  private final PrefixIndex index;
  private final Map<String, List<Promise>> byRequest = new HashMap<>();
  private int blocks;

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Promise(String router, String engine, long[] hashes) {}

  Promises(PrefixIndex index) {
    this.index = index;
  }

  /** The engine will hold these blocks. */
  void made(String router, String request, @Nullable String engine, long[] hashes) {
    if (engine == null || hashes.length == 0) {
      return;
    }
    if (!index.add(engine, hashes)) {
      return;
    }
    if (blocks + hashes.length > MOST_BLOCKS) {
      index.release(engine, hashes);
      return;
    }
    blocks += hashes.length;
    byRequest
        .computeIfAbsent(request, id -> new ArrayList<>(2))
        .add(new Promise(router, engine, hashes));
  }

  /** The request is over: what its engines kept of it they have told by now. */
  void over(String request) {
    List<Promise> promises = byRequest.remove(request);
    if (promises != null) {
      promises.forEach(this::release);
    }
  }

  /** A router is gone, or starts over. */
  void forget(String router) {
    byRequest
        .values()
        .removeIf(promises -> {
          boolean its = promises.getFirst().router().equals(router);
          if (its) {
            promises.forEach(this::release);
          }
          return its;
        });
  }

  private void release(Promise promise) {
    blocks -= promise.hashes().length;
    index.release(promise.engine(), promise.hashes());
  }
}
