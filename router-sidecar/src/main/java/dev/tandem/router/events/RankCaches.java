package dev.tandem.router.events;

import dev.tandem.router.index.Tier;
import java.util.Arrays;

/**
 * The caches of an engine's data-parallel ranks as one: a block is held while any of them holds it.
 * Which rank a request comes to is the engine's own choice, so a router cannot tell them apart.
 * While there is one rank nothing is kept and all is passed on. Thread safe: each rank is heard on
 * a thread of its own.
 */
public final class RankCaches {

  /** Ranks one engine may have; each is a bit of a number. */
  public static final int MOST_RANKS = 16;

  private final CacheDeltas together;
  private final BlocksByHash<Integer>[] holders;
  private boolean several;

  /**
   * Holds nothing.
   *
   * @param together is told what becomes of all of them
   */
  @SuppressWarnings({"unchecked", "rawtypes"}) // an array of a generic type
  public RankCaches(CacheDeltas together) {
    this.together = together;
    this.holders = new BlocksByHash[Tier.values().length];
    for (int i = 0; i < holders.length; i++) {
      holders[i] = new BlocksByHash<>();
    }
  }

  /** Takes what a rank tells, from 0 to {@value #MOST_RANKS} - 1. */
  public CacheDeltas rank(int rank) {
    if (rank < 0 || rank >= MOST_RANKS) {
      throw new IllegalArgumentException("rank " + rank + "; accepted: 0 to " + (MOST_RANKS - 1));
    }
    return new OneRank(1 << rank);
  }

  /** There are several ranks from now on; what was told so far is void, and each begins anew. */
  public synchronized void several() {
    several = true;
    together.started();
  }

  private final class OneRank implements CacheDeltas {
    private final int bit;

    OneRank(int bit) {
      this.bit = bit;
    }

    /** This rank begins anew; the others hold what they held. */
    @Override
    public void started() {
      synchronized (RankCaches.this) {
        if (!several) {
          together.started();
          return;
        }
        for (Tier tier : Tier.values()) {
          long[] held = holders[tier.ordinal()].hashes(ranks -> (ranks & bit) != 0);
          drop(tier, held);
        }
        together.stored(Tier.GPU, new long[0]); // the engine tells
      }
    }

    /** Told whoever else holds them: what was told before may have been forgotten. */
    @Override
    public void stored(Tier tier, long[] hashes) {
      synchronized (RankCaches.this) {
        BlocksByHash<Integer> of = holders[tier.ordinal()];
        for (int i = 0; several && i < hashes.length; i++) {
          long hash = hashes[i];
          Integer before = of.get(hash);
          of.put(hash, before == null ? bit : before | bit);
        }
        together.stored(tier, hashes);
      }
    }

    @Override
    public void removed(Tier tier, long[] hashes) {
      synchronized (RankCaches.this) {
        drop(tier, hashes);
      }
    }

    private void drop(Tier tier, long[] hashes) {
      BlocksByHash<Integer> of = holders[tier.ordinal()];
      long[] gone = new long[hashes.length];
      int count = 0;
      for (long hash : hashes) {
        Integer before = of.get(hash);
        int left = before == null ? 0 : before & ~bit;
        if (left != 0) {
          of.put(hash, left);
        } else {
          of.remove(hash);
          gone[count++] = hash;
        }
      }
      if (count > 0) {
        together.removed(tier, Arrays.copyOf(gone, count));
      }
    }
  }
}
