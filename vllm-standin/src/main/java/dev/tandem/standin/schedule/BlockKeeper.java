package dev.tandem.standin.schedule;

import dev.tandem.standin.cache.Hold;

/** Takes over the blocks of a finished request that another engine will pull. */
public interface BlockKeeper {
  /** From now on the keeper releases the hold. */
  void keep(String requestId, Hold hold);
}
