package dev.tandem.router.choose;

import dev.tandem.api.LocalityPath;
import dev.tandem.api.ModelFacts;
import dev.tandem.api.Transfer;
import dev.tandem.api.TransferCost;

/**
 * Predicts the cache transfer between two candidates. Immutable.
 *
 * @param cost the cost every process shares
 * @param model KV cache facts of the pool's model
 * @param tensorParallel tensor-parallel size of the pool's engines
 * @param speedUp how many times faster than life the engines run
 */
public record Link(TransferCost cost, ModelFacts model, int tensorParallel, double speedUp) {

  /** No time: not a number, so that no sum with it passes for one. */
  static final double UNKNOWN = Double.NaN;

  public Link {
    if (tensorParallel < 1) {
      throw new IllegalArgumentException(
          "tensorParallel " + tensorParallel + "; accepted: 1 or more");
    }
    if (!(speedUp > 0)) {
      throw new IllegalArgumentException("speedUp " + speedUp + "; accepted: above 0");
    }
  }

  /**
   * Seconds to move this many tokens' cache, or {@link #UNKNOWN} where a stamp is missing or the
   * two share no level.
   */
  double seconds(Candidate from, Candidate to, long tokens) {
    LocalityPath near = from.locality();
    LocalityPath far = to.locality();
    if (near == null || far == null) {
      return UNKNOWN;
    }
    Transfer transfer = model.transfer(tokens, tensorParallel, tensorParallel);
    return switch (cost.estimate(near, far, transfer, 0)) {
      case TransferCost.Known known -> known.seconds() / speedUp;
      case TransferCost.Unknown unknown -> UNKNOWN;
    };
  }

  /** Cache bytes of this many tokens, over all ranks. */
  long bytes(long tokens) {
    return tokens * model.kvBytesPerToken();
  }
}
