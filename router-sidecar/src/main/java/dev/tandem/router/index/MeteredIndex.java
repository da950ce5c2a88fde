package dev.tandem.router.index;

import java.util.function.LongConsumer;

/**
 * Reports what an index is asked and answers, once for each request, and leaves the answering to
 * it.
 */
public final class MeteredIndex implements PrefixIndex {

  private final PrefixIndex index;
  private final LongConsumer blocksAsked;
  private final LongConsumer blocksFound;
  private final LongConsumer blocksLost;

  /**
   * Wraps an index.
   *
   * @param blocksAsked takes the blocks of each prompt that comes
   * @param blocksFound takes the most of them any engine holds
   * @param blocksLost takes those held once and nowhere now
   */
  public MeteredIndex(
      PrefixIndex index,
      LongConsumer blocksAsked,
      LongConsumer blocksFound,
      LongConsumer blocksLost) {
    this.index = index;
    this.blocksAsked = blocksAsked;
    this.blocksFound = blocksFound;
    this.blocksLost = blocksLost;
  }

  @Override
  public Matches match(long[] hashes) {
    return index.match(hashes);
  }

  @Override
  public Matches arrived(long[] hashes) {
    Matches matches = index.arrived(hashes);
    blocksAsked.accept(hashes.length);
    blocksFound.accept(matches.longest());
    blocksLost.accept(matches.lost());
    return matches;
  }

  @Override
  public boolean add(String engine, long[] hashes) {
    return index.add(engine, hashes);
  }

  @Override
  public void release(String engine, long[] hashes) {
    index.release(engine, hashes);
  }

  @Override
  public void stored(String engine, Tier tier, long[] hashes) {
    index.stored(engine, tier, hashes);
  }

  @Override
  public void removed(String engine, Tier tier, long[] hashes) {
    index.removed(engine, tier, hashes);
  }

  @Override
  public void capacity(String engine, int blocks) {
    index.capacity(engine, blocks);
  }

  @Override
  public void clear(String engine) {
    index.clear(engine);
  }

  @Override
  public void forget(String engine) {
    index.forget(engine);
  }

  @Override
  public boolean exact(String engine) {
    return index.exact(engine);
  }

  @Override
  public long[] recent(String engine, Tier tier, int limit) {
    return index.recent(engine, tier, limit);
  }

  @Override
  public long size() {
    return index.size();
  }
}
