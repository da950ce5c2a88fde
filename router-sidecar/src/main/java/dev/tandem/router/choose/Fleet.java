package dev.tandem.router.choose;

import java.util.List;

/**
 * The engines as a choice sees them, at one moment. Immutable.
 *
 * @param engines any number, in any order
 * @param uncached A, the weight of uncached work, 1 or more: above 1 it values cache more than this
 *     request's own first token does
 */
public record Fleet(List<Candidate> engines, double uncached) {

  /**
   * A where nothing is known of the pressure on the caches. Between 2 and 4 the mean time to first
   * token on the public traces varies by 2 %; 2 is best where many instances share the load and 4
   * under cache pressure.
   */
  public static final double UNCACHED = 2;

  public Fleet {
    engines = List.copyOf(engines);
    if (!(uncached >= 1 && Double.isFinite(uncached))) {
      throw new IllegalArgumentException("uncached " + uncached + "; accepted: 1 or more");
    }
  }

  /** These engines, with the usual weight of uncached work. */
  public static Fleet of(List<Candidate> engines) {
    return new Fleet(engines, UNCACHED);
  }
}
