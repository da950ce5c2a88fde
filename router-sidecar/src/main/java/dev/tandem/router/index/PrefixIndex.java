package dev.tandem.router.index;

/**
 * What is known of the engines' prefix caches. Used from one thread, the router's event loop.
 *
 * <p>Hashes are those of {@code PrefixBlocks}: chained, so that a block's hash stands for the whole
 * prompt up to its end. Names of engines are the pods'.
 */
public interface PrefixIndex {

  /**
   * How many leading blocks of a prompt each engine is believed to hold. The answer is overwritten
   * by the next lookup.
   */
  Matches match(long[] hashes);

  /**
   * The same for a prompt that has just come. Asked once for each request, however often it is
   * tried, so this is what counts.
   */
  default Matches arrived(long[] hashes) {
    return match(hashes);
  }

  /** How many leading blocks of a prompt one engine is believed to hold. */
  default int leadingBlocks(String engine, long[] hashes) {
    return match(hashes).blocks(engine);
  }

  /**
   * A prompt was routed to the engine: it holds, or will hold soon, these blocks.
   *
   * @return whether they count only until {@link #release}, because the engine tells what it keeps
   */
  boolean add(String engine, long[] hashes);

  /** A request is over: what the engine kept of its prompt, it has told by now. */
  void release(String engine, long[] hashes);

  /**
   * The engine said that it stored these blocks, in the order of their prompt. With none it says
   * that it tells of its cache from now on.
   */
  void stored(String engine, Tier tier, long[] hashes);

  /** The engine said that it dropped these blocks from this tier. */
  void removed(String engine, Tier tier, long[] hashes);

  /** How many blocks the engine has room for. */
  void capacity(String engine, int blocks);

  /** The engine restarted, slept, or dropped its cache: it holds nothing. */
  void clear(String engine);

  /** The engine is gone. */
  void forget(String engine);

  /** Whether the engine tells of its cache, or what it holds is inferred from what it was sent. */
  boolean exact(String engine);

  /** The engine's blocks most recently used, at most {@code limit}, oldest first. */
  long[] recent(String engine, Tier tier, int limit);

  /** Blocks held over all engines. */
  long size();
}
