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
   * Seconds to move this many tokens' cache; 0 where the link is not known, the same for every pair
   * of which that is true, so that load alone decides.
   */
  double seconds(Candidate from, Candidate to, long tokens) {
    LocalityPath near = from.locality();
    LocalityPath far = to.locality();
    if (near == null || far == null) {
      return 0;
    }
    Transfer transfer = model.transfer(tokens, tensorParallel, tensorParallel);
    return switch (cost.estimate(near, far, transfer, 0)) {
      case TransferCost.Known known -> known.seconds() / speedUp;
      case TransferCost.Unknown unknown -> 0;
    };
  }

  /** Cache bytes of this many tokens, over all ranks. */
  long bytes(long tokens) {
    return tokens * model.kvBytesPerToken();
  }
}
