package dev.tandem.router.index;

import java.util.function.LongConsumer;

/** Reports what an index is asked and answers, and leaves the answering to it. */
public final class MeteredIndex implements PrefixIndex {

  private final PrefixIndex index;
  private final LongConsumer blocksAsked;
  private final LongConsumer blocksFound;

  public MeteredIndex(PrefixIndex index, LongConsumer blocksAsked, LongConsumer blocksFound) {
    this.index = index;
    this.blocksAsked = blocksAsked;
    this.blocksFound = blocksFound;
  }

  @Override
  public int leadingBlocks(String engine, long[] hashes) {
    int found = index.leadingBlocks(engine, hashes);
    blocksAsked.accept(hashes.length);
    blocksFound.accept(found);
    return found;
  }

  @Override
  public void add(String engine, long[] hashes) {
    index.add(engine, hashes);
  }

  @Override
  public void clear(String engine) {
    index.clear(engine);
  }

  @Override
  public long[] recent(String engine, int limit) {
    return index.recent(engine, limit);
  }

  @Override
  public long size() {
    return index.size();
  }
}
