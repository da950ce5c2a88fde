package dev.tandem.router.events;

import dev.tandem.router.index.Tier;

/** Is told what becomes of the own engine's cache, in the router's hashes. */
public interface CacheDeltas {

  /** The engine tells of its cache from now on; so far it holds nothing. */
  void started();

  /** These blocks of one prompt entered a tier, in order. */
  void stored(Tier tier, long[] hashes);

  /** These blocks left a tier. */
  void removed(Tier tier, long[] hashes);
}
