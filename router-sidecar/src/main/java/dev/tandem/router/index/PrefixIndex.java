package dev.tandem.router.index;

/** What is known of the engines' prefix caches. Used from one thread, the router's event loop. */
public interface PrefixIndex {

  /** How many leading blocks of a prompt the engine is believed to hold. */
  int leadingBlocks(String engine, long[] hashes);

  /** Records that the engine holds, or will hold soon, these blocks. */
  void add(String engine, long[] hashes);

  /** Forgets an engine: it went away, restarted, or dropped its cache. */
  void clear(String engine);

  /** The engine's blocks most recently used, at most {@code limit}, oldest first. */
  long[] recent(String engine, int limit);

  /** Blocks held over all engines. */
  long size();
}
