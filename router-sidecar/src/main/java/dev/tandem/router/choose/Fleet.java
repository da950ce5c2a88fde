package dev.tandem.router.choose;

import java.util.List;

/**
 * The engines as a choice sees them, at one moment. Immutable.
 *
 * @param engines any number, in any order
 * @param uncached A, the weight of uncached work on an engine where nobody waits, 1 or more: above
 *     1 it values cache more than this request's own first token does
 */
public record Fleet(List<Candidate> engines, double uncached) {

  /**
   * A where nothing is known of the pressure on the caches: as if there were none ({@link
   * CachePressure#weight}).
   */
  public static final double UNCACHED = 1;

  public Fleet {
    engines = List.copyOf(engines);
    if (!(uncached >= 1 && Double.isFinite(uncached))) {
      throw new IllegalArgumentException("uncached " + uncached + "; accepted: 1 or more");
    }
  }

  /** These engines, whose caches are large enough. */
  public static Fleet of(List<Candidate> engines) {
    return new Fleet(engines, UNCACHED);
  }
}
