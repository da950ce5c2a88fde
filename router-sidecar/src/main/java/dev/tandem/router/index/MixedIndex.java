package dev.tandem.router.index;

import dev.tandem.router.prefix.PrefixBlocks;

/**
 * Exact for engines that tell of their caches, approximate for the others. Engines speak of tokens,
 * so a prompt that is known only as text is looked up in what was routed, at any engine.
 */
public final class MixedIndex implements PrefixIndex {

  private final EngineIds ids = new EngineIds();
  private final ApproximateIndex approximate;
  private final ExactIndex exact;
  private final Matches matches = new Matches(ids);

  public MixedIndex(int blocksPerEngine) {
    approximate = new ApproximateIndex(ids, blocksPerEngine);
    exact = new ExactIndex(ids, blocksPerEngine);
  }

  @Override
  public Matches match(long[] hashes) {
    matches.reset();
    approximate.match(hashes, matches);
    exact.match(hashes, matches);
    int from = matches.longest();
    matches.lost(approximate.lost(hashes, from));
    matches.lost(exact.lost(hashes, from));
    return matches;
  }

  @Override
  public boolean add(String engine, long[] hashes) {
    return (told(engine, hashes) ? exact : approximate).add(engine, hashes);
  }

  @Override
  public void release(String engine, long[] hashes) {
    if (told(engine, hashes)) {
      exact.release(engine, hashes);
    }
  }

  @Override
  public void stored(String engine, Tier tier, long[] hashes) {
    if (!exact.exact(engine)) {
      // From now on the engine itself says what it keeps of prompts known as tokens.
      approximate.clear(engine, PrefixBlocks::ofTokens);
    }
    exact.stored(engine, tier, hashes);
  }

  @Override
  public void removed(String engine, Tier tier, long[] hashes) {
    exact.removed(engine, tier, hashes);
  }

  @Override
  public void capacity(String engine, int blocks) {
    approximate.capacity(engine, blocks);
    exact.capacity(engine, blocks);
  }

  @Override
  public void clear(String engine) {
    approximate.clear(engine);
    exact.clear(engine);
  }

  @Override
  public void forget(String engine) {
    approximate.forgetBlocks(engine);
    exact.forgetBlocks(engine);
    ids.release(engine);
  }

  @Override
  public boolean exact(String engine) {
    return exact.exact(engine);
  }

  @Override
  public long[] recent(String engine, Tier tier, int limit) {
    return exact(engine)
        ? exact.recent(engine, tier, limit)
        : approximate.recent(engine, tier, limit);
  }

  @Override
  public long size() {
    return approximate.size() + exact.size();
  }

  private boolean told(String engine, long[] hashes) {
    return hashes.length > 0 && PrefixBlocks.ofTokens(hashes[0]) && exact.exact(engine);
  }
}
