package dev.tandem.router.index;

import java.util.function.LongConsumer;

/**
 * Reports what an index is asked and answers, once for each request, and leaves the answering to
 * it.
 */
public final class MeteredIndex extends WrappedIndex {

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
    super(index);
    this.blocksAsked = blocksAsked;
    this.blocksFound = blocksFound;
    this.blocksLost = blocksLost;
  }

  @Override
  public Matches arrived(long[] hashes) {
    Matches matches = super.arrived(hashes);
    blocksAsked.accept(hashes.length);
    blocksFound.accept(matches.longest());
    blocksLost.accept(matches.lost());
    return matches;
  }
}
