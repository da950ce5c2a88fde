package dev.tandem.router.index;

import java.util.function.LongPredicate;
import java.util.stream.LongStream;

/**
 * Believes that an engine caches what was routed to it, least recently used out first. At most
 * {@code blocksPerEngine} blocks an engine until its capacity is known, and {@value #MOST_BLOCKS}
 * over all, under 64 bytes each; beyond that the oldest go. What engines say of their caches is not
 * heard.
 */
public final class ApproximateIndex implements PrefixIndex {

  /** Blocks over all engines: 64 MB, which leaves a sidecar of 128 MB room to work. */
  static final int MOST_BLOCKS = 1 << 20;

  private final EngineIds ids;
  private final HeldBlocks held;
  private final Matches matches;

  public ApproximateIndex(int blocksPerEngine) {
    this(new EngineIds(), blocksPerEngine);
  }

  ApproximateIndex(EngineIds ids, int blocksPerEngine) {
    this.ids = ids;
    this.held = new HeldBlocks(ids, blocksPerEngine, MOST_BLOCKS);
    this.matches = new Matches(ids);
  }

  @Override
  public Matches match(long[] hashes) {
    matches.reset();
    match(hashes, matches);
    matches.lost(lost(hashes, matches.longest()));
    return matches;
  }

  void match(long[] hashes, Matches into) {
    held.match(hashes, into);
  }

  int lost(long[] hashes, int from) {
    return held.lost(hashes, from);
  }

  @Override
  public boolean add(String engine, long[] hashes) {
    if (hashes.length > 0) {
      held.add(engine, Tier.GPU, hashes);
    }
    return false;
  }

  @Override
  public void release(String engine, long[] hashes) {}

  @Override
  public void stored(String engine, Tier tier, long[] hashes) {}

  @Override
  public void removed(String engine, Tier tier, long[] hashes) {}

  @Override
  public void capacity(String engine, int blocks) {
    held.capacity(engine, blocks);
  }

  @Override
  public void clear(String engine) {
    held.clear(engine);
  }

  /** Forgets those of an engine's blocks that fulfil a condition. */
  void clear(String engine, LongPredicate which) {
    held.remove(
        engine,
        Tier.GPU,
        LongStream.of(held.recent(engine, Tier.GPU, Integer.MAX_VALUE)).filter(which).toArray());
  }

  @Override
  public void forget(String engine) {
    held.forget(engine);
    ids.release(engine);
  }

  void forgetBlocks(String engine) {
    held.forget(engine);
  }

  @Override
  public boolean exact(String engine) {
    return false;
  }

  @Override
  public long[] recent(String engine, Tier tier, int limit) {
    return tier == Tier.GPU ? held.recent(engine, tier, limit) : new long[0];
  }

  @Override
  public long size() {
    return held.held();
  }
}
