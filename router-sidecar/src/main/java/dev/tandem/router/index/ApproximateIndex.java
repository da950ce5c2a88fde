package dev.tandem.router.index;

import java.util.HashMap;
import java.util.Map;

/**
 * Believes that an engine caches what was routed to it, least recently used out first. At most
 * {@code blocksPerEngine} blocks an engine, 24 bytes each at the bound; beyond it the oldest go.
 */
public final class ApproximateIndex implements PrefixIndex {

  private final int blocksPerEngine;
  private final Map<String, RecentBlocks> engines = new HashMap<>();

  public ApproximateIndex(int blocksPerEngine) {
    if (blocksPerEngine < 1) {
      throw new IllegalArgumentException(
          "blocksPerEngine " + blocksPerEngine + "; accepted: 1 or more");
    }
    this.blocksPerEngine = blocksPerEngine;
  }

  @Override
  public int leadingBlocks(String engine, long[] hashes) {
    RecentBlocks blocks = engines.get(engine);
    if (blocks == null) {
      return 0;
    }
    int matched = 0;
    while (matched < hashes.length && blocks.contains(hashes[matched])) {
      matched++;
    }
    return matched;
  }

  /** Touches from the last block to the first, so that a chain loses its end before its root. */
  @Override
  public void add(String engine, long[] hashes) {
    if (hashes.length == 0) {
      return;
    }
    RecentBlocks blocks =
        engines.computeIfAbsent(engine, name -> new RecentBlocks(blocksPerEngine));
    for (int i = Math.min(hashes.length, blocksPerEngine) - 1; i >= 0; i--) {
      blocks.touch(hashes[i]);
    }
  }

  @Override
  public void clear(String engine) {
    engines.remove(engine);
  }

  @Override
  public long[] recent(String engine, int limit) {
    RecentBlocks blocks = engines.get(engine);
    return blocks == null ? new long[0] : blocks.recent(limit);
  }

  @Override
  public long size() {
    long size = 0;
    for (RecentBlocks blocks : engines.values()) {
      size += blocks.size();
    }
    return size;
  }
}
