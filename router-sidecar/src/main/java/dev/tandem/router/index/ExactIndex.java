package dev.tandem.router.index;

import java.util.HashSet;
import java.util.Set;

/**
 * Knows what engines say they hold, together with what they were sent and have not finished: blocks
 * are announced only once they are computed, and until then the next request of a burst would take
 * them for missing.
 *
 * <p>Bounded like the approximate index: an engine that claims more than its capacity, or whose
 * removals were lost, gives up what it stored or was sent longest ago.
 */
public final class ExactIndex implements PrefixIndex {

  // Half a million tokens routed to one engine and not computed: minutes of work.
  private static final int MOST_PROMISED_AN_ENGINE = 8_192;
  private static final int MOST_PROMISED = 1 << 18;

  private final EngineIds ids;
  private final HeldBlocks held;
  private final HeldBlocks promised;
  private final Set<String> spoke = new HashSet<>();
  private final Matches matches;

  public ExactIndex(int blocksPerEngine) {
    this(new EngineIds(), blocksPerEngine);
  }

  ExactIndex(EngineIds ids, int blocksPerEngine) {
    this.ids = ids;
    this.held = new HeldBlocks(ids, blocksPerEngine, ApproximateIndex.MOST_BLOCKS);
    this.promised = new HeldBlocks(ids, MOST_PROMISED_AN_ENGINE, MOST_PROMISED);
    this.matches = new Matches(ids);
  }

  @Override
  public Matches match(long[] hashes) {
    matches.reset();
    match(hashes, matches);
    matches.lost(lost(hashes, matches.longest()));
    return matches;
  }

  /**
   * A promise is a whole prompt from its first block on, so the longer of the two runs is what both
   * together hold.
   */
  void match(long[] hashes, Matches into) {
    held.match(hashes, into);
    if (promised.held() > 0) {
      promised.match(hashes, into);
    }
  }

  int lost(long[] hashes, int from) {
    return held.lost(hashes, from);
  }

  @Override
  public boolean add(String engine, long[] hashes) {
    promised.add(engine, Tier.GPU, hashes);
    return true;
  }

  @Override
  public void release(String engine, long[] hashes) {
    promised.remove(engine, Tier.GPU, hashes);
  }

  @Override
  public void stored(String engine, Tier tier, long[] hashes) {
    spoke.add(engine);
    held.add(engine, tier, hashes);
  }

  @Override
  public void removed(String engine, Tier tier, long[] hashes) {
    held.remove(engine, tier, hashes);
  }

  @Override
  public void capacity(String engine, int blocks) {
    held.capacity(engine, blocks);
  }

  @Override
  public void clear(String engine) {
    spoke.remove(engine);
    held.clear(engine);
    promised.clear(engine);
  }

  @Override
  public void forget(String engine) {
    forgetBlocks(engine);
    ids.release(engine);
  }

  void forgetBlocks(String engine) {
    spoke.remove(engine);
    held.forget(engine);
    promised.forget(engine);
  }

  @Override
  public boolean exact(String engine) {
    return spoke.contains(engine);
  }

  @Override
  public long[] recent(String engine, Tier tier, int limit) {
    return held.recent(engine, tier, limit);
  }

  @Override
  public long size() {
    return (long) held.held() + promised.held();
  }
}
